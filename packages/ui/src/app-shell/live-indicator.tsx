import { WifiOff } from 'lucide-react';
import { reconnectNow, useLiveStatus } from '../api/live.ts';
import { Button } from '../widgets/button.tsx';
import { classNames } from '../widgets/class-names.ts';
import { useNow } from '../widgets/clock.ts';
import { Hint } from '../widgets/hint.tsx';
import { formatSpan } from '../widgets/time-text.ts';

const QUIET_MS = 5000;

/** A dot that is green while changes arrive as they happen. */
export function LiveDot() {
  const { state } = useLiveStatus();
  if (state === 'idle') return null;
  const words = { open: 'Live', connecting: 'Connecting', down: 'Not connected' }[state];
  return (
    <Hint
      hint={state === 'open' ? 'Changes show as they happen' : words}
      className="flex items-center gap-1.5 px-1.5 text-xs text-text-2"
    >
      <span
        aria-hidden
        className={classNames(
          'size-2 rounded-full',
          state === 'open' ? 'bg-completed-solid' : state === 'down' ? 'bg-failed-solid' : 'bg-scheduled-solid',
        )}
      />
      <span className="sr-only lg:not-sr-only">{words}</span>
    </Hint>
  );
}

/** A bar over the page when it has not heard from the server for a while. */
export function ConnectionBar() {
  const status = useLiveStatus();
  return status.state === 'down' ? <StaleBar since={status.since} retryAt={status.retryAt} /> : null;
}

function StaleBar({ since, retryAt }: { since: number; retryAt: number }) {
  const now = useNow();
  if (now - since < QUIET_MS) return null;
  const wait = Math.max(0, Math.ceil((retryAt - now) / 1000));
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-scheduled-bg px-4 py-1.5 text-sm text-scheduled-fg"
    >
      <WifiOff size={15} aria-hidden />
      <span className="flex-1">
        No connection to the server for {formatSpan(Math.floor((now - since) / 1000) * 1000)}; what you see may be old.
        {wait > 0 ? ` Next try in ${wait} s.` : ' Trying…'}
      </span>
      <Button onPress={reconnectNow}>Try now</Button>
    </div>
  );
}
