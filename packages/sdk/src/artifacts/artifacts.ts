import type { Artifact } from '@prefect-ts/protocol';
import { currentContext } from '../context/context.ts';
import { InvalidNameError } from '../errors.ts';
import { emitIn } from '../events/emit.ts';
import { toPythonJson } from '../results/python-json.ts';
import { currentSession } from '../session/session.ts';

/** What every artifact may have. */
export interface ArtifactOptions {
  /** Lowercase letters, digits and dashes. Artifacts of one key are versions of one thing. */
  readonly key?: string | undefined;
  readonly description?: string | undefined;
}

/** Rows as objects, or columns as lists. */
export type TableData = readonly object[] | Readonly<Record<string, readonly unknown[]>>;

/** A progress bar on the page of a run. */
export interface Progress {
  readonly id: string;
  /** Moves the bar; percent from 0 to 100. */
  set(percent: number): Promise<void>;
}

/**
 * Things that a run shows on its page: text, tables, links, images, progress.
 *
 * @example await artifacts.table({ key: 'top-10', rows, description: 'best sellers' })
 */
export const artifacts = {
  /** Shows Markdown. @returns the id of the artifact */
  markdown(options: ArtifactOptions & { readonly markdown: string }): Promise<string> {
    return create('markdown', options.markdown, options);
  },

  /** Shows a table. @returns the id of the artifact */
  table(options: ArtifactOptions & { readonly rows: TableData }): Promise<string> {
    return create('table', tableText(options.rows), options);
  },

  /** Shows a link. @returns the id of the artifact */
  link(options: ArtifactOptions & { readonly url: string; readonly text?: string | undefined }): Promise<string> {
    return create('markdown', linkText(options.url, options.text ?? options.url), options);
  },

  /** Shows an image from an address. @returns the id of the artifact */
  image(options: ArtifactOptions & { readonly url: string }): Promise<string> {
    return create('image', options.url, options);
  },

  /** Shows a progress bar. */
  async progress(options: ArtifactOptions & { readonly percent?: number | undefined } = {}): Promise<Progress> {
    const id = await create('progress', clamp(options.percent ?? 0), options);
    return { id, set: (percent) => update(id, { data: clamp(percent) }, { ...options, type: 'progress' }) };
  },

  /** Changes an artifact that is there: a new description, or new data of the same kind. */
  async update(id: string, changes: ArtifactChanges): Promise<void> {
    const { client } = currentSession();
    const { key, type } = await client.call('GET /artifacts/{id}', { path: { id } });
    const data = dataOf(changes);
    const about = { key: key ?? undefined, description: changes.description, type: type ?? 'unknown' };
    await update(id, data === undefined ? {} : { data }, about);
  },

  /** The newest artifact of a key; undefined when there is none. */
  async get(key: string): Promise<Artifact | undefined> {
    const [newest] = await currentSession().client.call('POST /artifacts/filter', {
      body: { artifacts: { key: { any_: [key] } }, sort: 'UPDATED_DESC', limit: 1 },
    });
    return newest;
  },
};

/** What {@link artifacts.update} changes: the description, and the data in the form of the artifact's kind. */
export interface ArtifactChanges {
  readonly description?: string | undefined;
  readonly markdown?: string | undefined;
  readonly rows?: TableData | undefined;
  readonly percent?: number | undefined;
  /** Address of an image; of a link, with `text`. */
  readonly url?: string | undefined;
  readonly text?: string | undefined;
}

function dataOf({ markdown, rows, percent, url, text }: ArtifactChanges): unknown {
  if (rows) return tableText(rows);
  if (percent !== undefined) return clamp(percent);
  if (url !== undefined) return text === undefined ? url : linkText(url, text);
  return markdown;
}

function tableText(rows: TableData): string {
  return toPythonJson(rows).replace(/\bNaN\b/g, 'null');
}

function linkText(url: string, text: string): string {
  return `[${text}](${url})`;
}

async function create(type: string, data: unknown, options: ArtifactOptions): Promise<string> {
  const { key, description } = options;
  if (key !== undefined && !/^[a-z0-9-]+$/.test(key)) {
    throw new InvalidNameError(`The artifact key "${key}" may only have lowercase letters, digits and dashes.`);
  }
  const session = currentSession();
  const { flow, task } = currentContext();
  const artifact = await session.client.call('POST /artifacts/', {
    body: {
      key: key ?? null,
      type,
      description: description ?? null,
      data,
      flow_run_id: flow?.run.id ?? null,
      task_run_id: task?.run.id ?? null,
    },
  });
  announce('created', artifact, type, options);
  return artifact.id;
}

async function update(id: string, change: { data?: unknown }, about: ArtifactOptions & { readonly type: string }): Promise<void> {
  const body = about.description === undefined ? change : { ...change, description: about.description };
  await currentSession().client.call('PATCH /artifacts/{id}', { path: { id }, body });
  announce('updated', { id }, about.type, about);
}

function announce(
  what: 'created' | 'updated',
  { id }: Pick<Artifact, 'id'>,
  type: string,
  { key, description }: ArtifactOptions,
): void {
  const name = key === undefined ? {} : { 'prefect.resource.name': key };
  const payload = { key: key ?? null, type, description: description ?? null };
  emitIn(currentSession(), `prefect.artifact.${what}`, { 'prefect.resource.id': `prefect.artifact.${id}`, ...name }, { payload });
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
