import { useEffect, useState } from 'react';

/** A cron line in words; nothing while the words are being loaded, and for a line that says nothing. */
export function useCronWords(cron: string | undefined): string | undefined {
  const [words, setWords] = useState<string>();
  useEffect(() => {
    let wanted = true;
    if (cron === undefined) setWords(undefined);
    else
      void describe(cron).then((text) => {
        if (wanted) setWords(text);
      });
    return () => {
      wanted = false;
    };
  }, [cron]);
  return words;
}

async function describe(cron: string): Promise<string | undefined> {
  const { default: cronstrue } = await import('cronstrue');
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: true });
  } catch {
    return undefined;
  }
}
