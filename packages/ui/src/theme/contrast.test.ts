import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const tokens = new Map(
  [
    ...readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').matchAll(/(--[\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g),
  ].map(([, name = '', light = '', dark = '']) => [name, { light, dark }] as const),
);
const states = ['scheduled', 'pending', 'running', 'completed', 'failed', 'crashed', 'cancelled', 'paused'];
const levels = ['debug', 'info', 'warning', 'error', 'critical'];

const readable: [text: string, ground: string][] = [
  ...['--bg', '--surface', '--surface-2'].flatMap((ground): [string, string][] => [
    ['--text', ground],
    ['--text-2', ground],
  ]),
  ['--accent-text', '--accent'],
  ['--accent-fg', '--accent-soft'],
  ['--accent-fg', '--surface'],
  ['--danger-text', '--danger'],
  ...states.flatMap((state): [string, string][] => [
    [`--state-${state}-fg`, `--state-${state}-bg`],
    [`--state-${state}-fg`, '--surface'],
  ]),
  ...levels.map((level): [string, string] => [`--level-${level}`, '--surface']),
];
const visible: [part: string, ground: string][] = [
  ['--border-strong', '--surface'],
  ['--focus', '--bg'],
  ['--focus', '--surface'],
];

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function tokenOf(name: string) {
  const token = tokens.get(name);
  if (!token) throw new Error(`tokens.css has no ${name}`);
  return token;
}

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  it.each(readable)('%s can be read on %s', (text, ground) => {
    expect(contrast(tokenOf(text)[theme], tokenOf(ground)[theme])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(visible)('%s can be seen on %s', (part, ground) => {
    expect(contrast(tokenOf(part)[theme], tokenOf(ground)[theme])).toBeGreaterThanOrEqual(3);
  });
});
