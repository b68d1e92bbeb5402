/**
 * A weekly report on earthquakes: the numbers come from a Python flow, the page from TypeScript.
 *
 * Shows: calling a deployment from a flow, whatever its language; waiting for its run, which appears as a part of this one; checking and
 * using its result; an artifact to read.
 *
 * Deploy it together with the Python flow: see the `prefect.yaml` of the folder above.
 */
import { artifacts, flow, resultOfRun } from 'prefect-ts';
import { runDeployment } from 'prefect-ts/deployments';
import * as z from 'zod';

const Summary = z.object({
  first_day: z.string(),
  last_day: z.string(),
  count: z.number(),
  min_magnitude: z.number(),
  regions: z.array(z.object({ region: z.string(), count: z.number(), strongest: z.number(), mean_depth_km: z.number() })),
  strongest: z.array(z.object({ date: z.string(), magnitude: z.number(), place: z.string() })),
});

/** What the Python flow `earthquakes` returns. */
export type Summary = z.infer<typeof Summary>;

export const earthquakeReport = flow(
  {
    name: 'earthquake-report',
    description: 'Asks a Python deployment for its numbers and writes a page about them.',
    params: z.object({
      minMagnitude: z.number().min(0).max(10).default(5).describe('Leaves out what is weaker'),
      deployment: z.string().default('earthquakes/on-demand').describe('Who counts'),
    }),
  },
  async ({ minMagnitude, deployment }, { log }) => {
    const run = await runDeployment(deployment, { params: { min_magnitude: minMagnitude }, timeout: '2m' });
    log.info(`${deployment} ended as ${run.state_name}`);
    const summary = Summary.parse(await resultOfRun(run));
    await artifacts.table({ key: 'earthquakes-by-region', rows: summary.regions, description: 'Depth in kilometres' });
    await artifacts.markdown({ key: 'earthquake-report', markdown: writePage(summary) });
    return headline(summary);
  },
);

/** The report in one line. */
export function headline({ count, min_magnitude, regions, strongest: [strongest] }: Summary): string {
  const busiest = regions[0];
  return [
    `${count} earthquakes of magnitude ${min_magnitude} or more`,
    ...(busiest ? [`${busiest.count} of them in ${busiest.region}`] : []),
    ...(strongest ? [`the strongest ${strongest.magnitude}, ${strongest.place}`] : []),
  ].join(', ');
}

/** The report as a page of Markdown. */
export function writePage(summary: Summary): string {
  return [
    `# Earthquakes from ${summary.first_day} to ${summary.last_day}`,
    `${headline(summary)}.`,
    '| day | magnitude | place |\n| --- | ---: | --- |',
  ]
    .join('\n\n')
    .concat(...summary.strongest.map(({ date, magnitude, place }) => `\n| ${date} | ${magnitude} | ${place} |`));
}
