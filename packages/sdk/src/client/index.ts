export * from './client.ts';
export { clientFromSettings } from './client-from-settings.ts';
export * from './errors.ts';
export type { SocketOptions } from './socket.ts';
export type { TlsOptions } from './transport.ts';
