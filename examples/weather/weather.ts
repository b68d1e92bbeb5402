/**
 * Four years of daily weather in Seattle and New York, as an ETL.
 *
 * Shows: a source that fails and is asked again (retries), a result that is kept and taken from the cache the next time, a subflow for
 * each city, tasks mapped over months, a typed parameter, and two artifacts to read: a table and a short report.
 *
 * Run it alone with `node weather/weather.ts`, or deploy it with the `prefect.yaml` of the folder above.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { artifacts, flow, task } from 'prefect-ts';
import * as z from 'zod';
import { type CityClimate, type Day, type MonthClimate, writeReport } from './report.ts';

const ARCHIVE = import.meta.resolve('@observablehq/sample-datasets/weather.csv');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The archive answers at the third attempt. What it gave counts for an hour: the second city does not ask again. */
const readArchive = task(
  { name: 'read-archive', retries: 3, retryDelay: ['100ms', '200ms', '400ms'], cache: { policy: 'inputs', expires: '1h' } },
  async ({ archive }: { archive: string }, { attempt, log }) => {
    if (attempt < 3) throw new Error(`the weather archive is busy (attempt ${attempt})`);
    const days = parseDays(await readFile(fileURLToPath(archive), 'utf8'));
    log.info(`read ${days.length} days`);
    return days;
  },
);

const summariseMonth = task(
  { name: 'summarise-month', runName: '{city}-{name}' },
  ({ city, name, days }: { city: string; name: string; days: Day[] }): MonthClimate => ({
    city,
    month: name,
    high: mean(days.map((day) => day.high)),
    low: mean(days.map((day) => day.low)),
    rainyDays: Math.round((100 * days.filter((day) => day.rain > 0).length) / days.length),
  }),
);

const cityClimate = flow(
  { name: 'city-climate', runName: '{city}' },
  async ({ city }: { city: string }): Promise<CityClimate> => {
    const days = (await readArchive({ archive: ARCHIVE })).filter((day) => day.city === city);
    if (days.length === 0) throw new Error(`the archive knows no city '${city}'`);
    const months = summariseMonth.map(MONTHS, (name, month) => ({ city, name, days: days.filter((day) => day.month === month) }));
    return { city, days: days.length, months: await months.results(), ...extremes(days) };
  },
);

export const weather = flow(
  {
    name: 'weather',
    description: 'Compares the climate of cities, month by month.',
    params: z.object({
      cities: z.array(z.string()).min(1).default(['Seattle', 'New York']).describe('Cities of the archive'),
    }),
  },
  async ({ cities }, { log }) => {
    const climates: CityClimate[] = [];
    for (const city of cities) climates.push(await cityClimate({ city }));
    const report = writeReport(climates);
    await artifacts.table({
      key: 'climate-by-month',
      rows: climates.flatMap(({ months }) => months),
      description: 'Mean highs and lows in °C, days with rain in %',
    });
    await artifacts.markdown({ key: 'climate-report', markdown: report.markdown });
    log.info(report.headline);
    return report.headline;
  },
);

function parseDays(csv: string): Day[] {
  const [, ...lines] = csv.trim().split('\n');
  return lines.map((line) => {
    const [city = '', date = '', rain, high, low] = line.split(',');
    return { city, date, month: Number(date.slice(5, 7)) - 1, rain: Number(rain), high: Number(high), low: Number(low) };
  });
}

function extremes(days: readonly Day[]): Pick<CityClimate, 'hottest' | 'coldest' | 'wettest' | 'longestDrySpell'> {
  const most = (value: (day: Day) => number) => days.reduce((best, day) => (value(day) > value(best) ? day : best));
  let dry = 0;
  const spells = days.map((day) => {
    dry = day.rain > 0 ? 0 : dry + 1;
    return dry;
  });
  return {
    hottest: most((day) => day.high),
    coldest: most((day) => -day.low),
    wettest: most((day) => day.rain),
    longestDrySpell: Math.max(...spells),
  };
}

function mean(values: readonly number[]): number {
  return Math.round((10 * values.reduce((sum, value) => sum + value, 0)) / values.length) / 10;
}

if (import.meta.main) console.log(await weather({}));
