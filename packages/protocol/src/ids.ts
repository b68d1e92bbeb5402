/** Makes a time-ordered UUID (version 7), as runs, states, logs and events carry. */
export function uuid7(timeMillis: number = Date.now()): string {
  const time = Math.floor(timeMillis).toString(16).padStart(12, '0');
  // What follows the version is random in both versions, and the platform makes version 4 several times faster than we could.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** Makes a random UUID (version 4). */
export function uuid4(): string {
  return crypto.randomUUID();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Tells whether a text is a UUID in its hyphenated form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
