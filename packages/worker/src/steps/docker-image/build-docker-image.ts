import { access, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type Docker from 'dockerode';
import { isRecord } from '../../job-template/placeholders.ts';
import type { Step, StepContext } from '../run-steps.ts';
import { followEngine, openEngine } from './docker-engine.ts';
import { writeDockerfile } from './dockerfile.ts';

/** An image could not be built. */
export class ImageBuildError extends Error {
  override readonly name = 'ImageBuildError';
}

type Inputs = Readonly<Record<string, unknown>>;

/** Inputs that are not options of the engine's builder. */
const OWN_INPUTS = [
  'image_name',
  'dockerfile',
  'tag',
  'additional_tags',
  'ignore_cache',
  'persist_dockerfile',
  'dockerfile_output_path',
  'build_backend',
  'path',
];

const built = new Map<string, Promise<Record<string, unknown>>>();

/**
 * Builds an image of the current folder. Inputs: `image_name`, `tag`, `additional_tags`, `dockerfile` (`auto` writes one),
 * `persist_dockerfile`, `dockerfile_output_path`, `ignore_cache`, and options of the engine's builder. Outputs: `image_name`, `tag`,
 * `image`, `image_id`, `additional_tags`. The same inputs are built once a process.
 */
export const buildDockerImage: Step = (inputs, context) => {
  const key = JSON.stringify([context.directory, inputs]);
  const before = inputs.ignore_cache === true ? undefined : built.get(key);
  if (before) return before;
  const building = build(inputs, context);
  built.set(key, building);
  building.catch(() => built.delete(key));
  return building;
};

async function build(inputs: Inputs, context: StepContext): Promise<Record<string, unknown>> {
  const name = imageName(inputs);
  const tag = textOf(inputs.tag) ?? timeTag();
  const additional = tagsOf(inputs.additional_tags);
  const folder = resolve(context.directory, textOf(inputs.path) ?? '.');
  if (inputs.build_backend && inputs.build_backend !== 'docker-py') {
    throw new ImageBuildError(
      `Images are built by the engine itself, not by '${inputs.build_backend}'. Leave \`build_backend\` out.`,
    );
  }
  const docker = await openEngine();
  const dockerfile = await provideDockerfile(inputs, folder);
  let id: string;
  try {
    id = await buildFolder(
      docker,
      folder,
      { ...optionsOf(inputs), dockerfile: dockerfile.path, t: `${name}:${tag}` },
      context.print,
    );
  } finally {
    if (dockerfile.isTemporary) await rm(join(folder, dockerfile.path), { force: true });
  }
  for (const more of additional) await docker.getImage(id).tag({ repo: name, tag: more });
  return {
    image_name: name,
    tag,
    image: `${name}:${tag}`,
    image_id: id,
    ...(additional.length > 0 ? { additional_tags: additional } : {}),
  };
}

async function buildFolder(
  docker: Docker,
  folder: string,
  options: Docker.ImageBuildOptions,
  print: StepContext['print'],
): Promise<string> {
  let id: string | undefined;
  const progress = await docker.buildImage({ context: folder, src: await filesOf(folder) }, options);
  await followEngine(docker, progress, (event) => {
    if (isRecord(event.aux) && typeof event.aux.ID === 'string') id = event.aux.ID;
    if (typeof event.stream === 'string') print(event.stream);
  });
  return id ?? (await docker.getImage(options.t ?? '').inspect()).Id;
}

/** Each file by its name: dockerode holds only what it is given by name against `.dockerignore`. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

async function provideDockerfile(inputs: Inputs, folder: string): Promise<{ path: string; isTemporary: boolean }> {
  const wanted = textOf(inputs.dockerfile) ?? 'Dockerfile';
  if (wanted !== 'auto') return { path: wanted, isTemporary: false };
  const path = textOf(inputs.dockerfile_output_path) ?? 'Dockerfile';
  const isThere = await access(join(folder, path)).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new ImageBuildError(`There is a ${path} in ${folder}. Name it as \`dockerfile\`, or remove it to have one written.`);
  await writeFile(join(folder, path), await writeDockerfile(folder));
  return { path, isTemporary: inputs.persist_dockerfile !== true };
}

/** What is left of the inputs is for the engine's builder; objects go as JSON. */
function optionsOf(inputs: Inputs): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !OWN_INPUTS.includes(name)));
}

/** The name of an image among a step's inputs. */
export function imageName(inputs: Inputs): string {
  const name = textOf(inputs.image_name);
  if (name === undefined) throw new ImageBuildError('The step needs the input `image_name`.');
  return name;
}

export function tagsOf(tags: unknown): string[] {
  return Array.isArray(tags) ? tags.map(String) : [];
}

function timeTag(): string {
  return new Date()
    .toISOString()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
