/** A day at a station: millimetres of rain, degrees Celsius. */
export interface Day {
  readonly city: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** From 0. */
  readonly month: number;
  readonly rain: number;
  readonly high: number;
  readonly low: number;
}

/** A month of the year, over all years. */
export interface MonthClimate {
  readonly city: string;
  readonly month: string;
  readonly high: number;
  readonly low: number;
  /** Share of days with rain, in percent. */
  readonly rainyDays: number;
}

export interface CityClimate {
  readonly city: string;
  readonly days: number;
  readonly months: readonly MonthClimate[];
  readonly hottest: Day;
  readonly coldest: Day;
  readonly wettest: Day;
  readonly longestDrySpell: number;
}

/** Says in words what the numbers say: one line, and a page of Markdown. */
export function writeReport(climates: readonly CityClimate[]): { headline: string; markdown: string } {
  const headline = climates.map(describeRain).join('; ');
  const markdown = [
    `# Climate of ${climates.map(({ city }) => city).join(' and ')}`,
    `${headline}.`,
    ...climates.map(describeCity),
  ].join('\n\n');
  return { headline, markdown };
}

function describeRain({ city, months }: CityClimate): string {
  const [first, ...rest] = [...months].sort((a, b) => b.rainyDays - a.rainyDays);
  const last = rest.at(-1) ?? first;
  return `${city}: rain on ${first?.rainyDays}% of days in ${first?.month}, on ${last?.rainyDays}% in ${last?.month}`;
}

function describeCity({ city, days, hottest, coldest, wettest, longestDrySpell, months }: CityClimate): string {
  return [
    `## ${city}`,
    `| of ${days} days | | when |`,
    '| --- | ---: | --- |',
    `| hottest | ${hottest.high} °C | ${hottest.date} |`,
    `| coldest | ${coldest.low} °C | ${coldest.date} |`,
    `| wettest | ${wettest.rain} mm | ${wettest.date} |`,
    `| longest time without rain | ${longestDrySpell} days | |`,
    '',
    `Highs by month, Jan to Dec: ${months.map(({ high }) => `${Math.round(high)}°`).join(' ')}`,
  ].join('\n');
}
