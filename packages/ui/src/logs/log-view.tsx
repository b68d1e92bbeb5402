import type { Log } from '@prefect-ts/protocol';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, ScrollText } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../widgets/button.tsx';
import { classNames } from '../widgets/class-names.ts';
import { LinkedText } from '../widgets/linked-text.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../widgets/notice.tsx';
import { usePreferences } from '../widgets/preferences.ts';
import { formatClock, formatInstant } from '../widgets/time-text.ts';
import { parseAnsi } from './ansi.ts';
import { type LogScope, useLogLines } from './use-log-lines.ts';

export interface LogViewProps {
  scope: LogScope;
  /** The names of task runs, for the column that tells who spoke. */
  taskNames: ReadonlyMap<string, string>;
  /** Whether more lines may come. */
  live: boolean;
  compact?: boolean;
}

/** Log lines, drawn as far as they are seen. At the end it follows new lines; scrolling up lets go. */
export function LogView({ scope, taskNames, live, compact }: LogViewProps) {
  const query = useLogLines(scope);
  if (query.isPending) return <SkeletonRows count={4} />;
  if (query.isError && query.lines.length === 0)
    return <ErrorState title="The logs could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  if (query.lines.length === 0) return <NoLines scope={scope} live={live} />;
  return (
    <LogLines
      lines={query.lines}
      taskNames={taskNames}
      text={scope.text}
      compact={compact ?? false}
      hasOlder={query.hasNextPage}
      loadOlder={() => void (query.isFetchingNextPage || query.fetchNextPage())}
    />
  );
}

function NoLines({ scope, live }: { scope: LogScope; live: boolean }) {
  if (scope.text !== '' || scope.level > 10)
    return (
      <EmptyState icon={<ScrollText size={20} aria-hidden />} title="No line matches">
        Show lower levels, or search for something else.
      </EmptyState>
    );
  return (
    <EmptyState icon={<ScrollText size={20} aria-hidden />} title={live ? 'No lines yet' : 'No logs'}>
      {live ? 'Lines show here as the run writes them.' : 'This run wrote nothing to its log.'}
    </EmptyState>
  );
}

interface LogLinesProps {
  lines: Log[];
  taskNames: ReadonlyMap<string, string>;
  text: string;
  compact: boolean;
  hasOlder: boolean;
  loadOlder: () => void;
}

const END_TOLERANCE = 48;

function LogLines({ lines, taskNames, text, compact, hasOlder, loadOlder }: LogLinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const [seen, setSeen] = useState(lines.length);
  const { logWrap } = usePreferences();
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 22,
    overscan: 20,
    getItemKey: (index) => lines[index]?.id ?? index,
  });
  const first = lines[0]?.id;
  useKeepPlace(lines, first, virtualizer.scrollToIndex, following);
  useLayoutEffect(() => {
    if (following && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [following, lines.length, virtualizer]);
  useEffect(() => {
    if (following) setSeen(lines.length);
  }, [following, lines.length]);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
    setFollowing(rest < END_TOLERANCE);
    if (element.scrollTop < 400 && hasOlder) loadOlder();
  };
  const fresh = lines.length - seen;
  return (
    <div className="relative">
      <div
        ref={box}
        role="log"
        aria-label="Log lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys
        tabIndex={0}
        onScroll={onScroll}
        onWheel={(event) => event.deltaY < 0 && setFollowing(false)}
        className={classNames(
          'overflow-auto rounded-b-lg py-2 font-mono text-xs outline-offset-[-2px]',
          compact ? 'max-h-72' : 'max-h-[calc(100vh-20rem)] min-h-64',
        )}
      >
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogLine
                  line={line}
                  task={line.task_run_id ? taskNames.get(line.task_run_id) : undefined}
                  text={text}
                  wrap={logWrap}
                  compact={compact}
                />
              </div>
            );
          })}
        </div>
      </div>
      {!following && (
        <div className="absolute inset-x-0 bottom-3 flex justify-center">
          <Button kind="primary" onPress={() => setFollowing(true)} icon={<ArrowDownToLine size={14} aria-hidden />}>
            {fresh > 0 ? `To the end (${fresh.toLocaleString('en')} new)` : 'To the end'}
          </Button>
        </div>
      )}
    </div>
  );
}

/** When older lines come in above, the line that was on top stays where it is. */
function useKeepPlace(
  lines: readonly Log[],
  first: string | undefined,
  scrollToIndex: (index: number, options: { align: 'start' }) => void,
  following: boolean,
): void {
  const before = useRef(first);
  useLayoutEffect(() => {
    if (before.current === first) return;
    const place = lines.findIndex((line) => line.id === before.current);
    before.current = first;
    if (!following && place > 0) scrollToIndex(place, { align: 'start' });
  }, [lines, first, scrollToIndex, following]);
}

const LEVELS = [
  { from: 50, word: 'CRITICAL', look: 'text-level-critical' },
  { from: 40, word: 'ERROR', look: 'text-level-error' },
  { from: 30, word: 'WARNING', look: 'text-level-warning' },
  { from: 20, word: 'INFO', look: 'text-level-info' },
  { from: 0, word: 'DEBUG', look: 'text-level-debug' },
] as const;

function LogLine({
  line,
  task,
  text,
  wrap,
  compact,
}: {
  line: Log;
  task: string | undefined;
  text: string;
  wrap: boolean;
  compact: boolean;
}) {
  const level = LEVELS.find(({ from }) => line.level >= from) ?? LEVELS[4];
  return (
    <div
      className={classNames(
        'flex flex-wrap gap-x-3 px-4 leading-[22px] hover:bg-surface-2 sm:flex-nowrap',
        line.level >= 40 && 'bg-failed-bg/40',
        line.level >= 30 && line.level < 40 && 'bg-scheduled-bg/40',
      )}
    >
      <time
        dateTime={line.timestamp}
        title={formatInstant(Date.parse(line.timestamp))}
        className="tabular shrink-0 text-text-2 select-none"
      >
        {formatClock(Date.parse(line.timestamp))}
      </time>
      <span className={classNames('w-16 shrink-0 font-semibold', level.look)}>{level.word}</span>
      {!compact && (
        <span title={task} className="hidden w-32 shrink-0 truncate text-text-2 lg:inline">
          {task ?? ''}
        </span>
      )}
      <span
        className={
          wrap ? 'min-w-0 basis-full whitespace-pre-wrap [overflow-wrap:anywhere] sm:flex-1 sm:basis-0' : 'whitespace-pre'
        }
      >
        <LogMessage message={line.message} text={text} />
      </span>
    </div>
  );
}

const COLOURS = [
  'text-text-2',
  'text-failed-fg',
  'text-completed-fg',
  'text-scheduled-fg',
  'text-running-fg',
  'text-paused-fg',
  'text-running-fg',
  '',
] as const;

function LogMessage({ message, text }: { message: string; text: string }): ReactNode {
  const spans = useMemo(() => parseAnsi(message), [message]);
  return spans.map((span, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never change places
    <span key={index} className={classNames(span.colour !== undefined && COLOURS[span.colour], span.bold && 'font-bold')}>
      {text ? <Marked text={span.text} needle={text} /> : <LinkedText text={span.text} />}
    </span>
  ));
}

/** The text with every occurrence of the needle marked. */
function Marked({ text, needle }: { text: string; needle: string }) {
  const pieces: ReactNode[] = [];
  const lower = text.toLowerCase();
  let last = 0;
  for (let at = lower.indexOf(needle.toLowerCase()); at >= 0; at = lower.indexOf(needle.toLowerCase(), last)) {
    pieces.push(
      <LinkedText key={`t${last}`} text={text.slice(last, at)} />,
      <mark key={`m${at}`} className="rounded-sm bg-scheduled-solid/40 text-current">
        {text.slice(at, at + needle.length)}
      </mark>,
    );
    last = at + needle.length;
  }
  return (
    <>
      {pieces}
      <LinkedText text={text.slice(last)} />
    </>
  );
}
