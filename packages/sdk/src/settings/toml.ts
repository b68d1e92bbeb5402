import { createRequire } from 'node:module';

export type TomlTable = { readonly [key: string]: unknown };

type Toml = typeof import('smol-toml');

let loaded: Toml | undefined;

/** Loaded when the first TOML file is met: most starts meet none. */
function toml(): Toml {
  loaded ??= createRequire(import.meta.url)('smol-toml') as Toml;
  return loaded;
}

export function parseToml(text: string): TomlTable {
  return toml().parse(text);
}

export function writeToml(table: TomlTable): string {
  return toml().stringify(table);
}
