import { expect, test } from 'vitest';
import { headline, type Summary, writePage } from './report.ts';

/** What the Python flow gives for magnitude 6. */
const summary: Summary = {
  min_magnitude: 6,
  first_day: '2024-04-09',
  last_day: '2024-07-11',
  count: 2,
  regions: [
    { region: 'Philippines', count: 1, strongest: 7.1, mean_depth_km: 630 },
    { region: 'Indonesia', count: 1, strongest: 6.5, mean_depth_km: 8.7 },
  ],
  strongest: [
    { date: '2024-07-11', magnitude: 7.1, place: '106 km WSW of Sangay, Philippines' },
    { date: '2024-04-09', magnitude: 6.5, place: '247 km SSE of Sagua, Indonesia' },
  ],
};

test('the headline of the earthquake report says how many, where most and which was strongest', () => {
  expect(headline(summary)).toBe(
    '2 earthquakes of magnitude 6 or more, 1 of them in Philippines, the strongest 7.1, 106 km WSW of Sangay, Philippines',
  );
});

test('the page of the earthquake report lists the strongest as a table', () => {
  expect(writePage(summary)).toBe(`# Earthquakes from 2024-04-09 to 2024-07-11

${headline(summary)}.

| day | magnitude | place |
| --- | ---: | --- |
| 2024-07-11 | 7.1 | 106 km WSW of Sangay, Philippines |
| 2024-04-09 | 6.5 | 247 km SSE of Sagua, Indonesia |`);
});
