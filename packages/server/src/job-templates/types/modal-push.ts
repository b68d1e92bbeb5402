import { block, COMMON_NAMES, definition, integer, number, optional, placeholdersFor, text, workerType } from '../worker-type.ts';

const VARIABLES = {
  modal_credentials: definition('ModalCredentials', 'How to sign requests to Modal.', { title: 'Modal Credentials' }),
  image: optional(text('The image of the container; an official one of this version unless set.')),
  cpu: optional(number('How many CPUs a run gets.', { title: 'CPU' })),
  memory: optional(integer('How much memory a run gets in MB.')),
  gpu: optional(text('The type of GPU.', { title: 'GPU' })),
  timeout: optional(integer('The most seconds that a run may take.', { exclusiveMinimum: 0 })),
};

export const MODAL_PUSH = workerType({
  type: 'modal:push',
  name: 'Modal - Push',
  description: 'The server itself runs each flow run on Modal; no worker is needed.',
  logo: ['M', '#2f9e44'],
  isBeta: true,
  variables: VARIABLES,
  required: ['modal_credentials'],
  definitions: {
    ModalCredentials: block(
      'ModalCredentials',
      'modal-credentials',
      'How to sign requests to Modal.',
      {
        token_id: text('The id of a token.', { title: 'Token ID' }),
        token_secret: text('Its secret.', { format: 'password', writeOnly: true }),
      },
      ['token_id', 'token_secret'],
    ),
  },
  jobConfiguration: placeholdersFor(...COMMON_NAMES, ...Object.keys(VARIABLES)),
});
