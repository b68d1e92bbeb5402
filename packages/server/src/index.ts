export type { Launch, LaunchedPool, PoolToLaunch } from './launch/launcher.ts';
export { AddressInUseError, type RunningServer, startServer } from './server.ts';
export { InvalidSettingError, readServerSettings, type ServerSettings } from './settings.ts';
