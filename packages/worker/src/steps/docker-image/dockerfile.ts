import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';

/** Writes the Dockerfile of a project that has none: for TypeScript where there is a `package.json`, else for Python. */
export async function writeDockerfile(folder: string): Promise<string> {
  const place = `/opt/prefect/${basename(folder)}`;
  const [hasManifest, hasLock, hasRequirements] = await Promise.all(
    ['package.json', 'package-lock.json', 'requirements.txt'].map((name) => exists(join(folder, name))),
  );
  const lines = hasManifest ? typescriptLines(place, hasLock === true) : pythonLines(place, hasRequirements === true);
  return `${lines.join('\n')}\n`;
}

function typescriptLines(place: string, hasLock: boolean): string[] {
  return [
    'FROM node:24-slim',
    `WORKDIR ${place}`,
    'COPY package*.json ./',
    `RUN npm ${hasLock ? 'ci' : 'install'} --no-audit --no-fund`,
    'COPY . .',
    `ENV PATH=${place}/node_modules/.bin:$PATH`,
  ];
}

function pythonLines(place: string, hasRequirements: boolean): string[] {
  const install = [
    `COPY requirements.txt ${place}/requirements.txt`,
    `RUN pip install --no-cache-dir -r ${place}/requirements.txt`,
  ];
  return [
    `FROM prefecthq/prefect:${COMPATIBLE_VERSION}-python3.12`,
    ...(hasRequirements ? install : []),
    `COPY . ${place}/`,
    `WORKDIR ${place}/`,
  ];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
