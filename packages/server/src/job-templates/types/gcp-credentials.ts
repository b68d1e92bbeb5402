import { block, optional, text } from '../worker-type.ts';

export const GCP_CREDENTIALS = block('GcpCredentials', 'gcp-credentials', 'How to sign requests to Google Cloud.', {
  service_account_file: optional(text('A file with the key of a service account.', { format: 'path' })),
  service_account_info: optional({
    type: 'object',
    description: 'The content of such a file.',
    format: 'password',
    writeOnly: true,
  }),
  project: optional(text('The project to work in.')),
});

/** A secret of Google's Secret Manager, by name and version. */
export const SECRET_KEY_SELECTOR = {
  title: 'SecretKeySelector',
  type: 'object',
  properties: { secret: { title: 'Secret', type: 'string' }, version: { title: 'Version', type: 'string' } },
  required: ['secret', 'version'],
};
