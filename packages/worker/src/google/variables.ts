import { block, definition, optional, text } from '../job-template/variable-schemas.ts';

const SIGN = 'How to sign requests to Google Cloud.';

/** The shapes of values that the types of Google Cloud share. */
export const GOOGLE_DEFINITIONS = {
  GcpCredentials: block('GcpCredentials', 'gcp-credentials', SIGN, {
    service_account_file: optional(text('A file with the key of a service account.', { format: 'path' })),
    service_account_info: optional({
      type: 'object',
      description: 'The content of such a file.',
      format: 'password',
      writeOnly: true,
    }),
    project: optional(text('The project to work in.')),
  }),
};

/** A secret of Google's Secret Manager, by name and version. */
export const SECRET_KEY_SELECTOR = {
  title: 'SecretKeySelector',
  type: 'object',
  properties: { secret: { title: 'Secret', type: 'string' }, version: { title: 'Version', type: 'string' } },
  required: ['secret', 'version'],
};

/** The variable that names the credentials. */
export const optionalGcpCredentials = optional(
  definition('GcpCredentials', 'How to sign requests to Google Cloud; what the environment offers unless set.', {
    title: 'GCP Credentials',
  }),
);

/** The variables that take the server's secrets from Secret Manager instead of the environment. */
export const API_SECRET_VARIABLES = {
  prefect_api_key_secret: optional(
    definition('SecretKeySelector', 'A secret that holds the API key.', { title: 'Prefect API Key Secret' }),
  ),
  prefect_api_auth_string_secret: optional(
    definition('SecretKeySelector', 'A secret that holds the authorisation string of the API.', {
      title: 'Prefect API Auth String Secret',
    }),
  ),
};
