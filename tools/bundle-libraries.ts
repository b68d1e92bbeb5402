/**
 * Writes packages/server/src/generated/: each library that the server cannot start without in one file instead of hundreds, which takes half off the
 * server's start (docs/decisions/start-up.md). Run it with `npm run generate` after one of them was updated; `--check` only compares.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type OutputChunk, rolldown } from 'rolldown';

/** What the server uses, by the name of the file that it comes in. */
const BUNDLES = {
  kysely: {
    types: "export * from 'kysely';\n",
    exports: `export { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql, SqliteAdapter, SqliteIntrospector,
      SqliteQueryCompiler } from 'kysely';`,
  },
  web: {
    types: "export { fastify } from 'fastify';\nexport { pino } from 'pino';\nexport { WebSocket, WebSocketServer } from 'ws';\n",
    exports:
      "export { fastify } from 'fastify'; export { pino } from 'pino'; export { default as WebSocket, WebSocketServer } from 'ws';",
  },
} as const;
type BundleName = keyof typeof BUNDLES;

/** Parts of Fastify that the server has no use for: it checks and writes bodies itself, by the API's own schemas. */
const LEFT_OUT = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'];

const folder = new URL('../packages/server/src/generated/', import.meta.url);
const root = fileURLToPath(new URL('../', import.meta.url));
const checking = process.argv.includes('--check');

mkdirSync(folder, { recursive: true });
for (const name of Object.keys(BUNDLES) as BundleName[]) {
  const target = new URL(`${name}.js`, folder);
  const text = await bundle(name);
  if (!checking) {
    writeFileSync(target, text);
    writeFileSync(new URL(`${name}.d.ts`, folder), BUNDLES[name].types);
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error(
      `${fileURLToPath(target).slice(root.length)} is not what the installed packages give. Run \`npm run generate\`.`,
    );
    process.exitCode = 1;
  }
}

async function bundle(name: BundleName): Promise<string> {
  const entry = `${root}packages/server/src/${name}-entry.js`;
  const build = await rolldown({
    input: entry,
    platform: 'node',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry || LEFT_OUT.includes(id) ? id : null),
        load: (id) => {
          if (id === entry) return BUNDLES[name].exports;
          return LEFT_OUT.includes(id)
            ? `throw new Error('${id} is not part of the bundle, see tools/bundle-libraries.ts.');`
            : null;
        },
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true, comments: false });
  await build.close();
  const notices = packagesOf(output[0]).map(notice).join('\n\n');
  return `/* Bundled by tools/bundle-libraries.ts from:\n\n${notices}\n*/\n${output[0].code}`;
}

/** The folders of the packages whose code is in a bundle. */
function packagesOf({ moduleIds }: OutputChunk): string[] {
  const folders = moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** Name, version and licence of a package, as its licence asks of whoever passes it on. */
function notice(packageFolder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(`${packageFolder}/package.json`, 'utf8')) as Record<string, string>;
  const file = readdirSync(packageFolder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${packageFolder}/${file}`, 'utf8').trim().replaceAll('*/', '* /') : `Licence: ${license}`;
  return `${name} ${version}\n\n${text}`;
}
