/** A wrong name, as the API words it: the `type` and `msg` of its validation error. */
export interface NameProblem {
  type: 'string_pattern_mismatch' | 'value_error';
  msg: string;
}

/** What names of flows, deployments, work pools, queues and the like may be made of. */
const NAME_PATTERN = /^[^/%&><]+$/;

/** Checks a name that may be anything but empty or hold one of `/ % & > <`. */
export function nameProblem(name: string): NameProblem | undefined {
  if (NAME_PATTERN.test(name)) return undefined;
  return { type: 'string_pattern_mismatch', msg: `String should match pattern '${NAME_PATTERN.source.replace('\\/', '/')}'` };
}

const SLUGS = {
  'Artifact key': /^[a-z0-9-]*$/,
  'Block document name': /^[a-z0-9-]*$/,
  'Block type slug': /^[a-z0-9-]*$/,
  'Variable name': /^[a-z0-9_-]*$/,
} satisfies Record<string, RegExp>;

/** Checks a name that clients type into code and addresses: lowercase letters, numbers and dashes, for variables underscores too. */
export function slugProblem(kind: keyof typeof SLUGS, name: string): NameProblem | undefined {
  if (SLUGS[kind].test(name)) return undefined;
  const allowed = kind === 'Variable name' ? 'dashes or underscores' : 'dashes';
  return { type: 'value_error', msg: `Value error, ${kind} must only contain lowercase letters, numbers, and ${allowed}.` };
}
