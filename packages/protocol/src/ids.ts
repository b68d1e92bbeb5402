/** Makes a time-ordered UUID (version 7), as runs, states, logs and events carry. */
export function uuid7(timeMillis: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const time = Math.floor(timeMillis).toString(16).padStart(12, '0');
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((bytes[2] ?? 0) & 0x3f) | 0x80;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(1, 4)}-${variant.toString(16)}${hex.slice(6, 8)}-${hex.slice(8)}`;
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
