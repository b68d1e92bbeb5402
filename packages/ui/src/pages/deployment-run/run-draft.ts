import { useEffect, useState } from 'react';
import { resolveField, type Schema } from '../../schema-form/schema.ts';

/** What somebody has filled in to start a run, before it is sent. */
export interface RunDraft {
  values: Record<string, unknown>;
  name: string;
  /** Local time as its input gives it; empty for now. */
  start: string;
  tags: string;
  queue: string;
  idempotencyKey: string;
  /** As typed: it may not be JSON yet. */
  jobVariables: string;
}

export const EMPTY_DRAFT: RunDraft = {
  values: {},
  name: '',
  start: '',
  tags: '',
  queue: '',
  idempotencyKey: '',
  jobVariables: '',
};

/** A draft that outlives a reload of the page, without what is secret in it. */
export function useRunDraft(
  key: string,
  first: RunDraft,
  root: Schema,
): [RunDraft, (change: Partial<RunDraft>) => void, () => void] {
  const place = `prefect-ts:run-draft:${key}`;
  const [draft, setDraft] = useState<RunDraft>(() => read(place) ?? first);
  useEffect(() => {
    try {
      sessionStorage.setItem(place, JSON.stringify({ ...draft, values: withoutSecrets(draft.values, root) }));
    } catch {
      // A browser that stores nothing keeps the draft until the page is closed.
    }
  }, [place, draft, root]);
  const forget = () => {
    sessionStorage.removeItem(place);
    setDraft(first);
  };
  return [draft, (change) => setDraft((before) => ({ ...before, ...change })), forget];
}

function read(place: string): RunDraft | undefined {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(place) ?? 'null');
    return typeof stored === 'object' && stored !== null ? { ...EMPTY_DRAFT, ...stored } : undefined;
  } catch {
    return undefined;
  }
}

/** The values whose schemas hold nothing secret, however deep. */
function withoutSecrets(values: Record<string, unknown>, root: Schema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => {
      const schema = root.properties?.[name];
      return schema !== undefined && !holdsSecret(schema, root, 0);
    }),
  );
}

function holdsSecret(schema: Schema, root: Schema, depth: number): boolean {
  if (depth > 6) return false;
  const { field } = resolveField(schema, root, 1);
  const inside = (parts: readonly Schema[]) => parts.some((part) => holdsSecret(part, root, depth + 1));
  switch (field.kind) {
    case 'text':
      return field.secret;
    case 'list':
      return inside([field.item]);
    case 'map':
      return inside([field.value]);
    case 'union':
      return inside(field.options.map((option) => option.schema));
    case 'object':
      return inside(field.properties.map(([, property]) => property));
    default:
      return false;
  }
}
