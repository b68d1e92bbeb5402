import { ArrowDown, ArrowUp, Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../widgets/button.tsx';
import { SearchField } from '../widgets/fields.tsx';
import { LinkedText } from '../widgets/linked-text.tsx';
import { saveFile } from '../widgets/save-file.ts';
import { ScrollBox } from '../widgets/scroll-box.tsx';
import { csvOf, type Ordering, type Table, wantedRows } from './table.ts';

/** So many more rows are drawn each time one asks for more. */
const STEP = 200;
/** Smaller tables are read at a glance. */
const SEARCHED_FROM = 10;

/** A table that a run left: searched, put in order by its columns, saved as a file. */
export function ArtifactTable({ columns, rows }: Table) {
  const [text, setText] = useState('');
  const [order, setOrder] = useState<Ordering>();
  const [most, setMost] = useState(STEP);
  const wanted = useMemo(() => wantedRows(rows, text, order), [rows, text, order]);
  const sortBy = (column: number) =>
    setOrder((before) =>
      before?.column !== column ? { column, descending: false } : before.descending ? undefined : { column, descending: true },
    );
  return (
    <div>
      {rows.length > SEARCHED_FROM && (
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <SearchField label="Search the table" value={text} onChange={setText} />
          <Button
            icon={<Download size={14} aria-hidden />}
            onPress={() => saveFile('table.csv', 'text/csv', csvOf({ columns, rows: wanted }))}
          >
            CSV
          </Button>
        </div>
      )}
      <ScrollBox label="Table" className="max-h-96 overflow-auto rounded-md border">
        <table className="w-full text-sm">
          <thead className="sticky top-0 bg-surface-2">
            <tr>
              {columns.map((column, index) => {
                const sorted = order?.column === index ? order : undefined;
                return (
                  <th
                    key={column}
                    scope="col"
                    aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}
                    className="p-0 text-start font-medium whitespace-nowrap"
                  >
                    <button
                      type="button"
                      onClick={() => sortBy(index)}
                      className="flex min-h-8 w-full cursor-pointer items-center gap-1 px-3 outline-offset-[-2px]"
                    >
                      {column}
                      {sorted && (sorted.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody className="divide-y">
            {wanted.slice(0, most).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a table have no identity but their place
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={columns[column]} className="px-3 py-1.5 align-top">
                    {typeof cell === 'string' ? <LinkedText text={cell} /> : JSON.stringify(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {wanted.length === 0 && <p className="px-3 py-2 text-sm text-text-2">No row holds “{text}”.</p>}
      </ScrollBox>
      {wanted.length > most && (
        <div className="mt-2 flex items-center gap-3 text-sm text-text-2">
          <Button onPress={() => setMost(most + STEP)}>Show more</Button>
          {most.toLocaleString('en')} of {wanted.length.toLocaleString('en')} rows
        </div>
      )}
    </div>
  );
}
