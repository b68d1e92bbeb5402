import { createHash } from 'node:crypto';
import { access, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isRecord } from '../job-template/placeholders.ts';
import { whileLocked } from './folder-lock.ts';
import { runCommand } from './run-command.ts';
import type { Step, StepContext } from './run-steps.ts';

/** The packages of a project could not be installed. */
export class PackageInstallError extends Error {
  override readonly name = 'PackageInstallError';
}

/** A program that installs packages as its lock file says. */
interface Installer {
  readonly lockFile: string;
  readonly program: string;
  readonly args: readonly string[];
}

const INSTALLERS: readonly Installer[] = [
  { lockFile: 'pnpm-lock.yaml', program: 'pnpm', args: ['install', '--frozen-lockfile'] },
  { lockFile: 'yarn.lock', program: 'yarn', args: ['install', '--frozen-lockfile'] },
  { lockFile: 'package-lock.json', program: 'npm', args: ['ci', '--no-audit', '--no-fund'] },
];

/**
 * Installs the packages of a TypeScript project as its lock file says. With npm, projects with the same lock file share one installation,
 * which is kept for the next run. Inputs: `directory`, `cache` (default true), `stream_output` (default true). Outputs: `directory`,
 * `cached`.
 */
export const npmInstall: Step = async (inputs, context) => {
  const directory = typeof inputs.directory === 'string' ? resolve(context.directory, inputs.directory) : context.directory;
  const print = inputs.stream_output === false ? undefined : context.print;
  const installer = await findInstaller(directory);
  const key = inputs.cache === false || installer.program !== 'npm' ? undefined : await cacheKey(directory);
  if (key === undefined) {
    await install(installer, directory, context, print);
    return { directory, cached: false };
  }
  const folder = cacheFolder(context.env);
  await mkdir(folder, { recursive: true });
  const shared = join(folder, key);
  const cached = await whileLocked(shared, async () => {
    if (await exists(shared)) return true;
    await fillCache(installer, directory, shared, context, print);
    return false;
  });
  await linkPackages(join(shared, 'node_modules'), join(directory, 'node_modules'));
  return { directory, cached };
};

async function findInstaller(directory: string): Promise<Installer> {
  for (const installer of INSTALLERS) if (await exists(join(directory, installer.lockFile))) return installer;
  const known = INSTALLERS.map(({ lockFile }) => lockFile).join(', ');
  throw new PackageInstallError(
    `The project in ${directory} has no lock file. Known: ${known}. Commit the one of your package manager.`,
  );
}

/** What an installation depends on; undefined for projects whose packages lie in the project itself. */
async function cacheKey(directory: string): Promise<string | undefined> {
  const files = ['package-lock.json', 'package.json', '.npmrc'].map((name) => readFile(join(directory, name)).catch(() => ''));
  const [lock = '', manifest = '', settings = ''] = await Promise.all(files);
  const { packages }: { packages?: unknown } = JSON.parse(String(lock));
  const isLocal = (entry: unknown) => isRecord(entry) && (entry.link === true || String(entry.resolved).startsWith('file:'));
  if (isRecord(packages) && Object.values(packages).some(isLocal)) return undefined;
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}\n`);
  for (const content of [lock, manifest, settings]) hash.update(content).update('\0');
  return hash.digest('hex').slice(0, 32);
}

function cacheFolder(env: StepContext['env']): string {
  return join(env.PREFECT_HOME ?? join(homedir(), '.prefect'), 'npm-packages');
}

/** Installs beside the project's code, and takes the place of the cache only when all is there. */
async function fillCache(
  installer: Installer,
  directory: string,
  shared: string,
  context: StepContext,
  print: StepContext['print'] | undefined,
): Promise<void> {
  const unfinished = `${shared}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    if (await exists(join(directory, name))) await cp(join(directory, name), join(unfinished, name));
  }
  await install(installer, unfinished, context, print);
  await mkdir(join(unfinished, 'node_modules'), { recursive: true });
  await rename(unfinished, shared);
}

async function install(
  { program, args }: Installer,
  cwd: string,
  { env }: StepContext,
  print: StepContext['print'] | undefined,
): Promise<void> {
  const { code, stdout, stderr } = await runCommand(program, args, { cwd, env, print });
  if (code !== 0)
    throw new PackageInstallError(`${program} ${args[0]} failed with code ${code}: ${stderr.trim() || stdout.trim()}`);
}

async function linkPackages(shared: string, place: string): Promise<void> {
  const found = await lstat(place).catch(() => undefined);
  if (found) await rm(place, { recursive: true, force: true });
  await symlink(shared, place, 'junction');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
