import type { ContainerGroup, ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import type { DeploymentsClient } from '@azure/arm-resourcesdeployments';
import { loadPlatformClient } from '../platform-client.ts';
import type { AzureCredentials } from './configuration.ts';

/** The two services of one subscription that the life of a run needs. */
export interface AzureClient {
  readonly groups: ContainerInstanceManagementClient['containerGroups'];
  readonly containers: ContainerInstanceManagementClient['containers'];
  readonly deployments: DeploymentsClient['deployments'];
}

export type { ContainerGroup };

/** How Azure is reached. All has a default. */
export interface AzureOptions {
  /** The address of Azure Resource Manager. Default: `AZURE_RESOURCE_MANAGER_URL`, else that of the cloud that `AZURE_AUTHORITY_HOST` is of. */
  readonly endpoint?: string;
  /** The address that gives tokens. Default: `AZURE_AUTHORITY_HOST`, else that of the public cloud. */
  readonly authorityHost?: string;
  /** A certificate authority to trust besides the usual ones, for an Azure Stack of one's own. */
  readonly ca?: string;
  readonly retry?: { readonly maxRetries: number; readonly retryDelayInMs: number; readonly maxRetryDelayInMs: number };
  /** Milliseconds between two looks at a container group; the configuration's own number unless set. */
  readonly pollMs?: number;
}

/** Bears an outage of about five minutes; an answer that says when to come back is obeyed besides. */
const PATIENT = { maxRetries: 10, retryDelayInMs: 1000, maxRetryDelayInMs: 60_000 };

const MANAGERS: Readonly<Record<string, string>> = {
  'login.microsoftonline.us': 'https://management.usgovcloudapi.net',
  'login.chinacloudapi.cn': 'https://management.chinacloudapi.cn',
};

const load = <Module>(name: string, importIt: () => Promise<Module>): Promise<Module> =>
  loadPlatformClient('azure-container-instance', name, importIt);

/**
 * Loads the libraries of Azure.
 *
 * @returns makes the client of a subscription
 * @throws {MissingPlatformClientError}
 */
export async function loadAzure(options: AzureOptions) {
  const [instances, resources, identity] = await Promise.all([
    load('@azure/arm-containerinstance', () => import('@azure/arm-containerinstance')),
    load('@azure/arm-resourcesdeployments', () => import('@azure/arm-resourcesdeployments')),
    load('@azure/identity', () => import('@azure/identity')),
  ]);
  const { endpoint, authorityHost } = addresses(options);
  const transport = {
    retryOptions: options.retry ?? PATIENT,
    ...(options.ca !== undefined && { tlsOptions: { ca: options.ca } }),
  };
  const identityOptions = {
    ...transport,
    ...(authorityHost !== undefined && { authorityHost }),
    // An authority of one's own is not in Microsoft's list.
    disableInstanceDiscovery: options.authorityHost !== undefined,
  };

  const signIn = ({ tenant_id, client_id, client_secret }: AzureCredentials) => {
    if (tenant_id && client_id && client_secret) {
      return new identity.ClientSecretCredential(tenant_id, client_id, client_secret, identityOptions);
    }
    return new identity.DefaultAzureCredential(identityOptions);
  };

  return function connect(block: AzureCredentials | null | undefined, subscriptionId: string): AzureClient {
    const credential = signIn(block ?? {});
    const scope = `${endpoint}/.default`;
    const instance = new instances.ContainerInstanceManagementClient(credential, subscriptionId, {
      ...transport,
      endpoint,
      credentialScopes: scope,
    });
    const { deployments } = new resources.DeploymentsClient(credential, subscriptionId, {
      ...transport,
      endpoint,
      credentials: { scopes: [scope] },
    });
    return { groups: instance.containerGroups, containers: instance.containers, deployments };
  };
}

function addresses(options: AzureOptions): { endpoint: string; authorityHost: string | undefined } {
  const authorityHost = options.authorityHost ?? process.env.AZURE_AUTHORITY_HOST;
  const host = authorityHost === undefined ? undefined : URL.parse(authorityHost)?.hostname;
  const manager = host === undefined ? undefined : MANAGERS[host];
  const endpoint = options.endpoint ?? (process.env.AZURE_RESOURCE_MANAGER_URL || manager || 'https://management.azure.com');
  return { endpoint: endpoint.replace(/\/+$/, ''), authorityHost };
}
