const MAX_LENGTH = 63;
const MAX_PREFIX_LENGTH = 253;

/** Makes labels that Kubernetes takes out of any; what nothing is left of is dropped. */
export function toKubernetesLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(labels).map(([key, value]): [string, string] => [toLabelKey(key), toLabelValue(value)]);
  return Object.fromEntries(entries.filter(([key]) => key !== ''));
}

/** Makes a label's value: letters, digits, `-`, `_` and `.`, both ends a letter or digit, at most 63 characters. */
export function toLabelValue(value: string): string {
  return trimEnds(toAscii(value).replace(/[^A-Za-z0-9\-_.]+/g, '-'), MAX_LENGTH);
}

/** Makes a label's key: the same rules, and a DNS name before an optional `/`. */
function toLabelKey(key: string): string {
  const slash = key.lastIndexOf('/');
  const name = toLabelValue(key.slice(slash + 1));
  if (slash < 0 || name === '') return name;
  const prefix = toDnsName(key.slice(0, slash), MAX_PREFIX_LENGTH);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Makes a part of an object's name: lower case letters, digits and `-`, both ends a letter or digit. */
export function toObjectName(text: string, maxLength = MAX_LENGTH): string {
  const name = toAscii(text)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return trimEnds(name, maxLength);
}

function toDnsName(text: string, maxLength: number): string {
  const name = toAscii(text)
    .toLowerCase()
    .replace(/[^a-z0-9\-.]+/g, '-');
  return trimEnds(name, maxLength);
}

/** Takes accents off letters, so that a name stays readable. */
function toAscii(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '');
}

function trimEnds(text: string, maxLength: number): string {
  return text
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, maxLength)
    .replace(/[^A-Za-z0-9]+$/, '');
}
