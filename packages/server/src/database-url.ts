import { InvalidSettingError, type SettingReader } from './setting-reader.ts';

/** What stands in a URL for a password that is set apart. */
const PASSWORD_PLACES = database('PASSWORD').map((name) => `\${${name}}`);

/** A setting of the database under its two names. */
export function database(name: string): string[] {
  return [`PREFECT_SERVER_DATABASE_${name}`, `PREFECT_API_DATABASE_${name}`];
}

/**
 * Where the database is: as a URL, in which the password may stand apart, or put together from its parts. Contract: events 17.2.
 *
 * @throws InvalidSettingError naming what is missing.
 */
export function databaseUrl(read: SettingReader): string | null {
  const url = read.text(database('CONNECTION_URL'));
  const password = read.text(database('PASSWORD'));
  if (url !== null) return withPassword(url, password);
  const [driver, host, user, name] = ['DRIVER', 'HOST', 'USER', 'NAME'].map((part) => read.text(database(part)));
  if (!driver || driver.startsWith('sqlite')) return driver && name ? name : null;
  const missing = Object.entries({ host, user, name }).flatMap(([part, value]) => (value ? [] : [part]));
  if (missing.length > 0) throw new InvalidSettingError(`Missing required database connection settings: ${missing.join(', ')}`);
  const login = [user ?? '', ...(password === null ? [] : [password])].map(encodeURIComponent).join(':');
  return `postgresql://${login}@${host}:${read.number(database('PORT'), 5432)}/${name}`;
}

function withPassword(url: string, password: string | null): string {
  const place = PASSWORD_PLACES.find((text) => url.includes(text));
  if (place === undefined) return url;
  if (password === null) throw new InvalidSettingError('database password is None - please set PREFECT_SERVER_DATABASE_PASSWORD');
  return url.replace(place, () => encodeURIComponent(password));
}
