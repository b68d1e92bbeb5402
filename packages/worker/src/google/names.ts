import { randomBytes } from 'node:crypto';

const LONGEST = 63;

/** Labels as Google Cloud takes them: small letters, digits, `_` and `-`, 63 characters at most. */
export function googleLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [labelText(key), labelText(value)]));
}

function labelText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('/', '_')
    .replaceAll('.', '-')
    .replace(/[^\p{Ll}\p{Lo}\p{N}_-]/gu, '-')
    .slice(0, LONGEST);
}

/** A name for a job that no other has: `calm-owl-3f9a0c1`. */
export function jobId(name: string): string {
  const suffix = randomBytes(4).toString('hex').slice(0, 7);
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST - suffix.length - 1)
    .replace(/-+$/, '');
  return `${slug || 'run'}-${suffix}`;
}
