import { Download, WrapText } from 'lucide-react';
import { useCallback } from 'react';
import { download } from '../api/client.ts';
import { LOG_LEVELS, type LogLevel } from '../filters/flow-run-search.ts';
import { IconButton } from '../widgets/button.tsx';
import { type Choice, SearchField, Select } from '../widgets/fields.tsx';
import { setPreferences, usePreferences } from '../widgets/preferences.ts';
import { useDebouncedText } from '../widgets/use-debounced.ts';

const LEVELS: readonly Choice<LogLevel>[] = [
  { id: 'debug', title: 'All levels' },
  { id: 'info', title: 'Info and above' },
  { id: 'warning', title: 'Warnings and errors' },
  { id: 'error', title: 'Errors only' },
];

/** Search, level, wrapping and download of a run's log. */
export function LogBar({
  flowRunId,
  level,
  text,
  onChange,
}: {
  flowRunId: string;
  level: LogLevel;
  text: string;
  onChange: (change: { level?: LogLevel; q?: string }) => void;
}) {
  const { logWrap } = usePreferences();
  const [draft, setDraft] = useDebouncedText(
    text,
    useCallback((q: string) => onChange({ q }), [onChange]),
  );
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
      <SearchField label="Search the log" value={draft} onChange={setDraft} />
      <Select label="Level" choices={LEVELS} value={level} onChange={(id) => onChange({ level: id })} />
      <span className="flex-1" />
      <IconButton
        label={logWrap ? 'Do not wrap lines' : 'Wrap lines'}
        onPress={() => setPreferences({ logWrap: !logWrap })}
        icon={<WrapText size={15} aria-hidden />}
      />
      <IconButton
        label="Download the log"
        onPress={() => void download(`flow_runs/${flowRunId}/logs/download`, 'flow-run-logs.csv')}
        icon={<Download size={15} aria-hidden />}
      />
    </div>
  );
}

/** The number of a level by its name. */
export function levelNumber(level: LogLevel | undefined): number {
  return LOG_LEVELS[level ?? 'debug'];
}
