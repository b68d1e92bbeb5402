import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, '.cache', 'kubernetes');
/** Programs that somebody has built before, kept beside the checkout. */
const ARCHIVE = join(ROOT, '..', 'shared', 'environment', 'k8s-bin.tar.zst');
const PROGRAMS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'] as const;
const VERSION = '1.37.2';

/**
 * The folder with Kubernetes' own programs: the one that KUBERNETES_PROGRAMS names, else an archive's content, else what Go builds of the
 * published sources (some minutes, once).
 */
export async function kubernetesPrograms(): Promise<string> {
  const named = process.env.KUBERNETES_PROGRAMS;
  if (named) return named;
  const folder = join(CACHE, 'bin');
  if (await isThere(join(folder, 'kubelet'))) return folder;
  const unfinished = join(CACHE, 'unfinished');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  if (await isThere(ARCHIVE)) await run('tar', ['--zstd', '-xf', ARCHIVE, '-C', unfinished]);
  else await build(unfinished);
  await rename(unfinished, folder);
  return folder;
}

/** The module of Kubernetes takes its parts from a folder that is not published with it; each is published by itself, too. */
async function build(folder: string): Promise<void> {
  const workspace = join(CACHE, 'build');
  await mkdir(workspace, { recursive: true });
  const env = { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' };
  const go = async (...args: string[]) => (await run('go', args, { cwd: workspace, env, maxBuffer: 2 ** 26 })).stdout;
  const { Dir, GoMod } = JSON.parse(await go('mod', 'download', '-json', `k8s.io/kubernetes@v${VERSION}`)) as Record<
    string,
    string
  >;
  const requirements = JSON.parse(await go('mod', 'edit', '-json', GoMod ?? '')) as { Replace: { Old: { Path: string } }[] };
  const parts = requirements.Replace.map(({ Old: { Path } }) => `${Path} => ${Path} v${VERSION.replace(/^1/, '0')}`);
  const module = ['module programs', 'go 1.26.0', `require k8s.io/kubernetes v${VERSION}`, 'replace (', ...parts, ')', ''];
  await writeFile(join(workspace, 'go.mod'), module.join('\n'));
  await run('cp', [join(Dir ?? '', 'go.sum'), join(workspace, 'go.sum')]);
  const imports = PROGRAMS.map((program) => `import _ "k8s.io/kubernetes/cmd/${program}"`);
  await writeFile(join(workspace, 'programs.go'), ['//go:build programs', 'package programs', ...imports, ''].join('\n'));
  const [major, minor] = VERSION.split('.');
  const version = { gitVersion: `v${VERSION}`, gitMajor: major, gitMinor: minor };
  const flags = Object.entries(version).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  for (const program of PROGRAMS) {
    const target = join(folder, program);
    await go(
      'build',
      '-trimpath',
      '-ldflags',
      ['-s', '-w', ...flags].join(' '),
      '-o',
      target,
      `k8s.io/kubernetes/cmd/${program}`,
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
