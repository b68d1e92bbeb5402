export { resetDatabase, type SchemaChange, upgradeDatabase } from './database.ts';
export { AddressInUseError, type RunningServer, startServer, startServices } from './server.ts';
export { type ListedService, listServices } from './services/list-services.ts';
export type { RunningServices } from './services/service.ts';
export { InvalidSettingError, readServerSettings, type ServerSettings } from './settings.ts';
