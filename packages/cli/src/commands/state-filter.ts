import { STATE_TYPES, type StateType } from '@prefect-ts/protocol';
import { many } from '../command.ts';
import { UsageError } from '../errors.ts';

/** The options by which runs are chosen by their state. */
export const stateOptions = {
  state: many('--state <name>', 'Only runs in a state of this name; may repeat'),
  stateType: many('--state-type <type>', `Only runs in a state of this type; may repeat: ${STATE_TYPES.join(', ')}`),
};

/** The part of a filter that those options ask for. */
export function stateFilter(names: readonly string[], types: readonly string[]) {
  return {
    ...(names.length > 0 ? { name: { any_: names.map(titleCase) } } : {}),
    ...(types.length > 0 ? { type: { any_: types.map(stateType) } } : {}),
  };
}

function stateType(text: string): StateType {
  const found = STATE_TYPES.find((type) => type === text.toUpperCase());
  if (!found) throw new UsageError(`'${text}' is not a state type. They are: ${STATE_TYPES.join(', ')}.`);
  return found;
}

/** `completed` finds `Completed`; names with capitals of their own, as `AwaitingRetry`, stay. */
function titleCase(name: string): string {
  return (
    name.charAt(0).toUpperCase() +
    (/[A-Z]/.test(name.slice(1)) && !/^[A-Z]+$/.test(name) ? name.slice(1) : name.slice(1).toLowerCase())
  );
}
