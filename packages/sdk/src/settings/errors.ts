/** A source gives a setting a value that is not of its kind. */
export class InvalidSettingError extends Error {
  override readonly name = 'InvalidSettingError';
  readonly setting: string;

  constructor(setting: string, value: unknown, kind: string, source: string) {
    super(`${setting} must be ${kind}, but ${source} gives ${JSON.stringify(value)}.`);
    this.setting = setting;
  }
}

/** A file with settings is there, and is not valid TOML. */
export class UnreadableSettingsFileError extends Error {
  override readonly name = 'UnreadableSettingsFileError';
  readonly path: string;

  constructor(path: string, cause: Error) {
    super(`${path} is not valid TOML: ${cause.message.split('\n')[0]}`, { cause });
    this.path = path;
  }
}
