// Brings what a fresh clone lacks: npm packages, a Python environment, the dashboard. What is there already is left alone.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepError, step } from './steps.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WINDOWS = process.platform === 'win32';
const PYTHON_HOME = join(ROOT, '.cache', 'python');
const REQUIREMENTS = join(ROOT, 'examples', 'requirements.txt');
const OLDEST_PYTHON = [3, 10];
const NEEDED_NODE = 24;

/** Programs that are installing right now. */
const running = new Set();

/** Installs side by side what does not depend on each other. */
export async function install() {
  try {
    const [, python] = await Promise.all([installNode(), installPython()]);
    return { node: ownNode(), python };
  } catch (error) {
    stopInstalling();
    throw error;
  }
}

/** Ends programs that are still installing. */
export function stopInstalling() {
  for (const child of running) child.kill('SIGTERM');
}

async function installNode() {
  if (!npmPackagesAreThere()) await step('npm packages', installNpmPackages);
  if (!dashboardIsBuilt()) await step('dashboard, built', buildDashboard);
}

async function installNpmPackages() {
  const clean = !existsSync(join(ROOT, 'node_modules'));
  await run('npm', [clean ? 'ci' : 'install', '--no-audit', '--no-fund', '--loglevel=error'], {
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

async function installPython() {
  const python = join(PYTHON_HOME, WINDOWS ? 'Scripts/python.exe' : 'bin/python');
  const marker = join(PYTHON_HOME, 'installed.txt');
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(python) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return python;
  const { program, version } = await findPython();
  await step(`Python ${version} with the package prefect`, async () => {
    rmSync(PYTHON_HOME, { recursive: true, force: true });
    await run(program, ['-m', 'venv', PYTHON_HOME], {
      failure: `${program} could not make a virtual environment`,
      hint: 'On Debian and Ubuntu, `apt install python3-venv` brings what it needs.',
    });
    // Files are compiled when they are first imported; most never are.
    const quick = ['--quiet', '--disable-pip-version-check', '--no-compile'];
    await run(python, ['-m', 'pip', 'install', ...quick, '-r', REQUIREMENTS], {
      failure: 'pip could not install the Python packages',
      hint: 'Check the network, then start again.',
    });
    writeFileSync(marker, wanted);
  });
  return python;
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
function run(program, args, { cwd = ROOT, failure, hint }) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };
    const child = spawn(program, args, { cwd, env, shell: WINDOWS, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const fail = (details) => reject(new StepError(failure, hint, details.trim().split('\n').slice(-15).join('\n')));
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
