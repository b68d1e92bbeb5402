import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSED: ReadonlySet<string> = new Set(['.js', '.css', '.svg']);
const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** Puts a brotli and a gzip form beside every file that gets smaller by it, so that the server compresses nothing while it answers. */
export function compressFiles(): Plugin {
  return {
    name: 'compress-files',
    apply: 'build',
    async writeBundle({ dir = 'dist' }) {
      const names = await readdir(dir, { recursive: true });
      await Promise.all(names.filter((name) => COMPRESSED.has(extname(name))).map((name) => compressFile(join(dir, name))));
    },
  };
}

async function compressFile(path: string): Promise<void> {
  const content = await readFile(path);
  const [small, plain] = await Promise.all([brotli(content), deflate(content, { level: 9 })]);
  if (small.length < content.length) await Promise.all([writeFile(`${path}.br`, small), writeFile(`${path}.gz`, plain)]);
}
