export { AddressInUseError, type RunningServer, startServer } from './server.ts';
export { InvalidSettingError, readServerSettings, type ServerSettings } from './settings.ts';
