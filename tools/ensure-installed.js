// Plain JavaScript for whatever Node a fresh machine has: installs the dependencies unless they are there and current.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.installed-lock');
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('Installing the dependencies (once, and again when they change) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `ci`: it throws away what is there, and wants every platform's optional packages in the lock file.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(npm, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error('npm could not install the dependencies; its message is above.');
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, lock);
}
