/**
 * Writes packages/server/src/generated/kysely.js: the part of Kysely that the server uses, in one file instead of 255, which takes a third off
 * the server's start (docs/decisions/start-up.md). Run it with `npm run generate` after Kysely was updated; `--check` only compares.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';

const USED = [
  'DummyDriver',
  'Kysely',
  'PostgresAdapter',
  'PostgresIntrospector',
  'PostgresQueryCompiler',
  'sql',
  'SqliteAdapter',
  'SqliteIntrospector',
  'SqliteQueryCompiler',
];
const folder = new URL('../packages/server/src/generated/', import.meta.url);
const target = new URL('kysely.js', folder);
const installed = new URL('../node_modules/kysely/', import.meta.url);

const text = await bundle();
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('packages/server/src/generated/kysely.js is not what the installed Kysely gives. Run `npm run generate`.');
    process.exitCode = 1;
  }
} else {
  mkdirSync(folder, { recursive: true });
  writeFileSync(target, text);
  writeFileSync(new URL('kysely.d.ts', folder), "export * from 'kysely';\n");
}

async function bundle(): Promise<string> {
  const entry = 'virtual:used';
  const build = await rolldown({
    input: entry,
    platform: 'node',
    plugins: [
      {
        name: 'used',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) =>
          id === entry
            ? `export { ${USED.join(', ')} } from ${JSON.stringify(new URL('dist/index.js', installed).pathname)};`
            : null,
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true, comments: false });
  await build.close();
  const { version } = JSON.parse(readFileSync(new URL('package.json', installed), 'utf8')) as { version: string };
  const licence = readFileSync(new URL('LICENSE', installed), 'utf8').trim();
  return `/* Kysely ${version}, bundled by tools/bundle-kysely.ts.\n\n${licence}\n*/\n${output[0].code}`;
}
