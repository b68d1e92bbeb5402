import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the dashboard as it ships, once before all tests. */
export default function setup(): void {
  const folder = fileURLToPath(new URL('../../packages/ui/', import.meta.url));
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
  execFileSync(process.execPath, [vite, 'build'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
