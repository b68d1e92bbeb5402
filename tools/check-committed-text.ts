/** Refuses paths of a machine and hosts of package registries in what is committed: a fresh clone must not depend on either. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const FORBIDDEN = [
  new RegExp(`(?<![\\w.~])/(${['work', 'root', 'home'].join('|')})/[a-z]`),
  new RegExp(['registry\\.npmjs', 'pypi\\.org', 'files\\.pythonhosted', 'proxy\\.golang', 'deb\\.debian'].join('|')),
];

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\n');
const found = files.filter(isText).flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      FORBIDDEN.some((pattern) => pattern.test(line)) ? [`${file}:${index + 1}: ${line.trim().slice(0, 160)}`] : [],
    ),
);
for (const line of found) console.log(line);
process.exitCode = found.length === 0 ? 0 : 1;

function isText(file: string): boolean {
  return (
    file !== '' && existsSync(file) && !/\.(png|ico|woff2|gz|zst|csv)$/.test(file) && file !== 'tools/check-committed-text.ts'
  );
}
