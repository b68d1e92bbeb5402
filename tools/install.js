// Brings what a fresh clone lacks: npm packages, a Python environment, the dashboard. What is there already is left alone.
// As a program it does only that: `node tools/install.js [npm] [python] [dashboard] [docker] [kubernetes]`, the first three when none is named.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepError, step, tellFailure } from './steps.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WINDOWS = process.platform === 'win32';
const PYTHON_HOME = join(ROOT, '.cache', 'python');
const PYTHON = join(PYTHON_HOME, WINDOWS ? 'Scripts/python.exe' : 'bin/python');
/** Says what is installed there; written last. */
const PYTHON_MARKER = join(PYTHON_HOME, 'installed.txt');
const REQUIREMENTS = join(ROOT, 'examples', 'requirements.txt');
const OLDEST_PYTHON = [3, 10];
const NEEDED_NODE = 24;
const PIP_FAILURE = { failure: 'The Python packages could not be installed', hint: 'Check the network, then start again.' };

/** Programs that are installing right now. */
const running = new Set();

const PARTS = ['npm', 'python', 'dashboard'];

/** What a Kubernetes node needs beside Kubernetes, by a file that each Debian package brings. */
const NODE_PACKAGES = {
  'etcd-server': '/usr/bin/etcd',
  containerd: '/usr/bin/containerd',
  runc: '/usr/sbin/runc',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  iproute2: '/usr/bin/ip',
  openssl: '/usr/bin/openssl',
  procps: '/usr/sbin/sysctl',
  zstd: '/usr/bin/zstd',
};

/** Installs what is missing of the parts that are wanted, side by side; gives the programs to go on with. */
export async function install(parts = PARTS) {
  try {
    const python = pythonIsThere() || !parts.includes('python') ? Promise.resolve() : installPython();
    const docker = dockerIsThere() || !parts.includes('docker') ? Promise.resolve() : installDocker();
    // One after the other: there is one package manager.
    const system = parts.includes('kubernetes') ? docker.then(installNodePackages) : docker;
    await Promise.all([installNode(parts.includes('dashboard')), python, system]);
    return { node: ownNode(), python: PYTHON };
  } catch (error) {
    stopInstalling();
    throw error;
  }
}

/** Whether there is nothing to install. */
export function everythingIsThere() {
  return npmPackagesAreThere() && dashboardIsBuilt() && pythonIsThere();
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

function pythonIsThere() {
  return (
    existsSync(PYTHON) && existsSync(PYTHON_MARKER) && readFileSync(PYTHON_MARKER, 'utf8') === readFileSync(REQUIREMENTS, 'utf8')
  );
}

async function installPython() {
  const { program, version } = await findPython();
  await step(`Python ${version} with the package prefect`, async () => {
    rmSync(PYTHON_HOME, { recursive: true, force: true });
    await run(program, ['-m', 'venv', PYTHON_HOME], {
      failure: `${program} could not make a virtual environment`,
      hint: 'On Debian and Ubuntu, `apt install python3-venv` brings what it needs.',
    });
    await installPythonPackages();
    writeFileSync(PYTHON_MARKER, readFileSync(REQUIREMENTS));
  });
}

/** uv takes seconds where pip takes a minute; but it does not know what pip was told of other package indexes. */
async function installPythonPackages() {
  const pip = (...args) => run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args], PIP_FAILURE);
  await pip('uv');
  await run(PYTHON, ['-m', 'uv', 'pip', 'install', '--quiet', '--python', PYTHON, '-r', REQUIREMENTS], PIP_FAILURE).catch(() =>
    // Files are compiled when they are first imported; most never are.
    pip('--no-compile', '-r', REQUIREMENTS),
  );
}

/** What the tests of workers need: an engine that they start themselves, a registry, and what goes into their images. */
const DOCKER_PROGRAMS = ['dockerd', 'containerd', 'runc', 'docker-registry', 'busybox', 'ip'];
const DOCKER_PACKAGES = ['docker.io', 'containerd', 'runc', 'docker-registry', 'busybox-static', 'iproute2', 'iptables'];

function dockerIsThere() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return DOCKER_PROGRAMS.every((program) => folders.some((folder) => existsSync(join(folder, program))));
}

const installDocker = () => installSystemPackages('Docker engine for the tests', DOCKER_PACKAGES);

async function installNodePackages() {
  const missing = Object.keys(NODE_PACKAGES).filter((name) => !existsSync(NODE_PACKAGES[name]));
  if (missing.length > 0) await installSystemPackages('Kubernetes node for the tests', missing);
}

async function installSystemPackages(what, packages) {
  const told = {
    failure: `The ${what} could not be installed`,
    hint: `On Debian and Ubuntu, as root: apt-get install ${packages.join(' ')}`,
  };
  await step(what, async () => {
    await run('apt-get', ['update', '-qq'], told);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], told);
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
