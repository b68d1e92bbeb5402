import { stripVTControlCharacters } from 'node:util';

export interface TableColumn<R> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  cell(row: R): string | number | null | undefined;
  /** Colours the text of a cell. */
  paint?(text: string, row: R): string;
}

interface Paint {
  bold(text: string): string;
  dim(text: string): string;
}

const GAP = '  ';
const SHORTEST = 8;

/** Lines of a table: a header, a rule and a line a row. Given a width, the widest columns are cut so that it fits. */
export function layOutTable<R>(
  rows: readonly R[],
  columns: readonly TableColumn<R>[],
  paint: Paint,
  width: number | undefined,
): string[] {
  const cells = rows.map((row) => columns.map((column) => cellText(column.cell(row))));
  const widths = fit(
    columns.map(({ title }, at) => Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[at] ?? '')))),
    width,
  );
  const compose = (texts: readonly string[], style: (text: string, at: number) => string) =>
    texts
      .map((text, at) => pad(text, widths[at] ?? 0, columns[at]?.align, (shown) => style(shown, at)))
      .join(GAP)
      .trimEnd();
  const titles = compose(
    columns.map(({ title }) => title),
    (text) => paint.bold(text),
  );
  const rule = paint.dim(widths.map((count) => '─'.repeat(count)).join(GAP));
  const lines = rows.map((row, at) => compose(cells[at] ?? [], (text, column) => columns[column]?.paint?.(text, row) ?? text));
  return [titles, rule, ...lines];
}

/** One line without control characters: names come from anyone who can reach the API. */
function cellText(value: string | number | null | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return stripVTControlCharacters(String(value ?? '')).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

function fit(widths: number[], total: number | undefined): number[] {
  if (total === undefined) return widths;
  const fitted = [...widths];
  const sum = () => fitted.reduce((all, count) => all + count, GAP.length * (fitted.length - 1));
  while (sum() > total) {
    const widest = Math.max(...fitted);
    if (widest <= SHORTEST) break;
    fitted[fitted.indexOf(widest)] = widest - 1;
  }
  return fitted;
}

function pad(text: string, width: number, align: 'left' | 'right' = 'left', style: (text: string) => string): string {
  const shown = displayWidth(text) > width ? `${cut(text, width - 1)}…` : text;
  const space = ' '.repeat(Math.max(0, width - displayWidth(shown)));
  return align === 'right' ? space + style(shown) : style(shown) + space;
}

function cut(text: string, width: number): string {
  let shown = '';
  for (const character of text) {
    if (displayWidth(shown + character) > width) break;
    shown += character;
  }
  return shown;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /\p{Mark}|\u200d|\ufe0f/u;

/** Columns a text takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
