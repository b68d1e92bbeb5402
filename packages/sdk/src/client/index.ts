export * from './client.ts';
export { clientFromSettings } from './client-from-settings.ts';
export * from './errors.ts';
export type { ResourceMethods } from './generated/resources.ts';
export { resourcesOf } from './resources.ts';
export type { SocketOptions } from './socket.ts';
export type { TlsOptions } from './transport.ts';
