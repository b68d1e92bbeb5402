/** The words that random names are made of: everyday, friendly, each unlike the next. */
export const ADJECTIVES: readonly string[] = `
able agile airy amber ample apt azure balmy bold brave breezy bright brisk bronze bubbly calm candid careful cheerful chilly
civic classic clean clear clever coastal cobalt comfy coral cosmic cosy crisp curious curly dapper daring deft dewy diligent
downy dreamy eager earnest easy elegant emerald epic fair famous fancy fast fearless festive fine firm fleet fluffy fond frank free fresh
frosty gallant gentle giant gifted glad gleaming golden good graceful grand green handy happy hardy hazel hearty helpful honest hopeful
humble icy ideal indigo ivory jade jolly jovial joyful keen kind lasting lavender leafy light lilac lively loyal lucid lucky lunar lush
magic majestic mellow merry mighty mild misty modest mossy neat nifty nimble noble olive open patient pearly placid playful plucky
poised polite proud quick quiet radiant rapid ready regal rosy royal ruby rustic sandy scarlet serene sharp shiny silent silver sincere
sleek smart smooth snowy snug solar solid sparkling speedy spry stable starry steady sturdy sunny swift tidy tranquil trusty upbeat
velvet vibrant violet vivid warm whimsical willing windy wise witty worthy zesty
`
  .trim()
  .split(/\s+/);

export const NOUNS: readonly string[] = `
acorn albatross alder almond alpaca anchor antelope apple apricot aspen aurora badger bagel bamboo basil bay beacon bear beaver beech bison
blossom bluebird boulder branch breeze bridge brook buffalo butterfly cactus camel canary canyon caribou castle cedar cello cherry chestnut
cliff cloud clover comet compass coral cove crane creek cricket crystal cypress daisy dawn deer delta dolphin donkey dove dragonfly dune
eagle elk ember falcon fern ferret fig finch firefly fjord flamingo forest fox gazelle gecko geyser ginger giraffe glacier goose grove
gull hamster harbour hare harp hawk hazelnut hedgehog heron hill hippo horizon hummingbird ibex iguana iris island ivy jackdaw jaguar
jasmine juniper kangaroo kestrel kingfisher kite kiwi koala lagoon lake lantern lark laurel lemming lemon lemur lighthouse lily llama lobster
lotus lynx magpie maple marmot marsh meadow melon meteor mint moon moose mountain mulberry nebula newt nutmeg oak oasis ocean octopus
olive orchard orchid osprey otter owl panda panther parrot peach pebble pelican penguin pepper pigeon pine planet plum pond poppy porcupine
prairie puffin quail quartz rabbit raccoon rain rainbow raven reef river robin rocket rose saffron sage salmon sapling seal sequoia sloth
snowflake sparrow spruce squirrel star starling stone stork summit sunflower swallow swan tiger toucan trout tulip turtle valley violin
walnut walrus waterfall wave whale willow wombat woodpecker wren yak zebra
`
  .trim()
  .split(/\s+/);
