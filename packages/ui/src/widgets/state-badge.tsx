import { defaultStateName, type StateType } from '@prefect-ts/protocol';
import { classNames } from './class-names.ts';
import { stateLook } from './run-states.ts';

interface StateProps {
  type: StateType | null;
  name: string | null;
}

/** A state as glyph and word on its colour. */
export function StateBadge({ type, name, large }: StateProps & { large?: boolean }) {
  const { Glyph, badge } = stateLook(type, name);
  return (
    <span
      className={classNames(
        'inline-flex shrink-0 items-center rounded-full font-medium whitespace-nowrap',
        large ? 'gap-1.5 px-3 py-1 text-base' : 'gap-1 px-2 py-0.5 text-xs',
        badge,
      )}
    >
      <Glyph aria-hidden size={large ? 15 : 12} strokeWidth={2.5} className={type === 'PENDING' ? 'animate-state' : ''} />
      {stateWord(type, name)}
    </span>
  );
}

/** The glyph alone, for narrow places that say the state in words elsewhere. */
export function StateGlyph({ type, name }: StateProps) {
  const { Glyph, text } = stateLook(type, name);
  return (
    <Glyph role="img" aria-label={stateWord(type, name)} size={14} strokeWidth={2.5} className={classNames('shrink-0', text)} />
  );
}

/** What people call a state: its own name, or that of its type. */
export function stateWord(type: StateType | null, name: string | null): string {
  return name ?? (type ? defaultStateName(type) : 'No state');
}
