export { type NameProblem, nameProblem, slugProblem } from './name-rules.ts';
export { randomName } from './random-name.ts';
