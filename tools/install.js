// Brings what a fresh clone lacks: npm packages, a Python environment, the dashboard. What is there already is left alone.
// As a program it does only that: `node tools/install.js [npm] [python] [dashboard] [clouds] [docker] [kubernetes]`, the first three when none is named.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepError, step, tellFailure } from './steps.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WINDOWS = process.platform === 'win32';
/** The Python environments: what each holds, and what to call that. */
const PYTHONS = {
  python: pythonEnvironment(['python'], ['examples', 'requirements.txt'], 'the package prefect'),
  clouds: pythonEnvironment(['clouds', 'python'], ['e2e', 'cloud', 'requirements.txt'], 'emulators of AWS and Google Cloud'),
};
const AZURITE = 'azurite@3.35.0';
const AZURITE_HOME = join(ROOT, '.cache', 'clouds', AZURITE);
const OLDEST_PYTHON = [3, 10];
const NEEDED_NODE = 24;
const PIP_FAILURE = { failure: 'The Python packages could not be installed', hint: 'Check the network, then start again.' };

/** Programs that are installing right now. */
const running = new Set();

const PARTS = ['npm', 'python', 'dashboard'];

function pythonEnvironment(place, requirements, contents) {
  const home = join(ROOT, '.cache', ...place);
  return {
    home,
    program: join(home, WINDOWS ? 'Scripts/python.exe' : 'bin/python'),
    // Says what is installed there; written last.
    marker: join(home, 'installed.txt'),
    requirements: join(ROOT, ...requirements),
    contents,
  };
}

/** Debian packages that a part needs, each with a file that it brings. */
const DEBIAN_PACKAGES = {
  docker: {
    'docker.io': '/usr/sbin/dockerd',
    containerd: '/usr/bin/containerd',
    runc: '/usr/sbin/runc',
    'docker-registry': '/usr/bin/docker-registry',
    'busybox-static': '/bin/busybox',
    iproute2: '/usr/bin/ip',
    iptables: '/usr/sbin/iptables',
  },
  kubernetes: {
    'etcd-server': '/usr/bin/etcd',
    containerd: '/usr/bin/containerd',
    runc: '/usr/sbin/runc',
    'containernetworking-plugins': '/usr/lib/cni/bridge',
    iproute2: '/usr/bin/ip',
    openssl: '/usr/bin/openssl',
    procps: '/usr/sbin/sysctl',
    zstd: '/usr/bin/zstd',
  },
};

/** Installs what is missing of the parts that are wanted, side by side; gives the programs to go on with. */
export async function install(parts = PARTS) {
  try {
    const python = parts.includes('python') ? installPython(PYTHONS.python) : undefined;
    const clouds = parts.includes('clouds') ? Promise.all([installPython(PYTHONS.clouds), installAzurite()]) : undefined;
    await Promise.all([installNode(parts.includes('dashboard')), python, clouds, installDebianPackages(parts)]);
    return { node: ownNode(), python: PYTHONS.python.program };
  } catch (error) {
    stopInstalling();
    throw error;
  }
}

/** Whether there is nothing to install. */
export function everythingIsThere() {
  return npmPackagesAreThere() && dashboardIsBuilt() && pythonIsThere(PYTHONS.python);
}

/** Ends programs that are still installing. */
export function stopInstalling() {
  for (const child of running) {
    if (WINDOWS || child.pid === undefined) child.kill('SIGTERM');
    else process.kill(-child.pid, 'SIGTERM');
  }
}

async function installNode(withDashboard) {
  if (!npmPackagesAreThere()) await step('npm packages', installNpmPackages);
  if (withDashboard && !dashboardIsBuilt()) await step('dashboard, built', buildDashboard);
}

async function installNpmPackages() {
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    failure: 'npm could not install the packages',
    hint: 'Check the network, or run `npm install` to see more; then start again.',
  });
  if (!existsSync(ownNode())) await fetchOwnNode();
}

/** An npm that does not run install scripts by itself leaves the package `node` without its program. */
async function fetchOwnNode() {
  await run(process.execPath, ['installArchSpecificPackage'], {
    cwd: join(ROOT, 'node_modules', 'node'),
    failure: 'The npm package "node" did not bring its program',
    hint: `Install Node ${NEEDED_NODE} or newer yourself, then start again.`,
  });
}

/** npm writes this file last; it is older than the lock file when that changed since. */
function npmPackagesAreThere() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  return existsSync(installed) && modified(installed) >= modified(join(ROOT, 'package-lock.json')) && existsSync(ownNode());
}

/** The Node to go on with: this one if it is new enough, else the one that the npm package `node` brings. */
function ownNode() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_NODE) return process.execPath;
  return join(ROOT, 'node_modules', 'node', 'bin', WINDOWS ? 'node.exe' : 'node');
}

async function buildDashboard() {
  await run('npm', ['run', 'build:ui'], {
    failure: 'The dashboard could not be built',
    hint: 'Run `npm run build:ui` to see why.',
  });
}

function dashboardIsBuilt() {
  const built = join(ROOT, 'packages', 'ui', 'dist', 'index.html');
  if (!existsSync(built)) return false;
  const ui = join(ROOT, 'packages', 'ui');
  const sources = ['src', 'public', 'index.html', 'package.json', 'vite.config.ts'].map((name) => join(ui, name));
  return Math.max(...sources.map(newest)) <= modified(built);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return modified(path);
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function modified(path) {
  return statSync(path).mtimeMs;
}

function pythonIsThere({ program, marker, requirements }) {
  return existsSync(program) && existsSync(marker) && readFileSync(marker, 'utf8') === readFileSync(requirements, 'utf8');
}

async function installPython(environment) {
  if (pythonIsThere(environment)) return;
  const { home, requirements, marker, contents } = environment;
  const { program, version } = await findPython();
  await step(`Python ${version} with ${contents}`, async () => {
    rmSync(home, { recursive: true, force: true });
    await run(program, ['-m', 'venv', home], {
      failure: `${program} could not make a virtual environment`,
      hint: 'On Debian and Ubuntu, `apt install python3-venv` brings what it needs.',
    });
    await installPythonPackages(environment);
    writeFileSync(marker, readFileSync(requirements));
  });
}

/** uv takes seconds where pip takes a minute; but it does not know what pip was told of other package indexes. */
async function installPythonPackages({ program, requirements }) {
  const pip = (...args) => run(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args], PIP_FAILURE);
  await pip('uv');
  await run(program, ['-m', 'uv', 'pip', 'install', '--quiet', '--python', program, '-r', requirements], PIP_FAILURE).catch(() =>
    // Files are compiled when they are first imported; most never are.
    pip('--no-compile', '-r', requirements),
  );
}

/** It brings more packages than all else together, so it is not among the workspace's. */
async function installAzurite() {
  const installed = join(AZURITE_HOME, 'installed.txt');
  if (existsSync(installed)) return;
  await step(`Azurite, the emulator of Azure's storage`, async () => {
    mkdirSync(AZURITE_HOME, { recursive: true });
    await run('npm', ['install', '--prefix', AZURITE_HOME, '--no-audit', '--no-fund', '--loglevel=error', AZURITE], {
      failure: `npm could not install ${AZURITE}`,
      hint: 'Check the network, then start again.',
    });
    writeFileSync(installed, AZURITE);
  });
}

/** Brings programs that no package of npm or Python has. */
async function installDebianPackages(parts) {
  const needed = Object.assign({}, ...parts.map((part) => DEBIAN_PACKAGES[part]));
  const missing = Object.keys(needed).filter((name) => !existsSync(needed[name]));
  if (missing.length === 0) return;
  await step(`Debian packages ${missing.join(', ')}`, async () => {
    const told = {
      failure: 'apt could not install what the tests of workers need',
      hint: `On Debian and Ubuntu, as root: apt-get install ${missing.join(' ')}`,
    };
    await run('apt-get', ['update', '-qq'], told);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], told);
  });
}

/** The first Python on the path that is new enough. */
async function findPython() {
  const tell = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
  for (const program of ['python3.11', 'python3', 'python3.12', 'python3.13', 'python3.10', 'python']) {
    const version = await run(program, ['-c', tell], { failure: '', hint: '' }).catch(() => '');
    const [major, minor] = version.trim().split('.').map(Number);
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return { program, version: version.trim() };
  }
  throw new StepError(
    `No Python ${OLDEST_PYTHON.join('.')} or newer was found`,
    'Install Python 3.11, so that `python3 --version` answers, then start again.',
  );
}

/** Runs a program to its end and gives what it printed. */
function run(program, args, { failure, hint, cwd = ROOT }) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };
    // A group of its own, so that what it starts can be stopped with it.
    const child = spawn(program, args, { cwd, env, shell: WINDOWS, detached: !WINDOWS, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const fail = (details) => reject(new StepError(failure, hint, bothEnds(details)));
    child.on('error', (error) => {
      running.delete(child);
      fail(error.message);
    });
    child.on('close', (code) => {
      running.delete(child);
      if (code === 0) resolve(printed);
      else fail(printed);
    });
  });
}

/** What matters of a long output stands at its start or at its end. */
function bothEnds(text) {
  const lines = text.trim().split('\n');
  return (lines.length > 24 ? [...lines.slice(0, 12), '…', ...lines.slice(-12)] : lines).join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  await install(wanted.length > 0 ? wanted : PARTS).catch((error) => {
    tellFailure(error);
    process.exitCode = 1;
  });
}
