import { parseTimestamp, SECOND } from '@prefect-ts/protocol';
import { automationNotFound, automationResponse } from '../automations/automations.ts';
import { rehearse } from '../automations/rehearse.ts';
import type { Trigger } from '../automations/triggers.ts';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { readAutomation } from './automation-body.ts';
import type { ApiRequest, Routes } from './route.ts';

const DAY = 86_400 * SECOND;

export const automationTestRoutes: Routes = {
  'POST /automations/test-firing': async ({ body }, core) => {
    const trigger = await triggerOf(body, core);
    const until = timeOf(body.until) ?? core.clock();
    const since = timeOf(body.since) ?? until - DAY;
    if (since > until) throw new DetailError(422, "'since' has to be before 'until'.");
    return rehearse(core, trigger, { since, until });
  },
};

async function triggerOf(
  { automation, automation_id: id }: ApiRequest<'POST /automations/test-firing'>['body'],
  core: Core,
): Promise<Trigger> {
  if (!automation === !id) throw new DetailError(422, "Either 'automation' or 'automation_id' has to be given.");
  if (automation) return readAutomation(automation).trigger as Trigger;
  const query = core.storage.builder.selectFrom('automation').selectAll();
  const row = await core.read.first(query.where('id', '=', id ?? ''));
  if (!row) throw automationNotFound();
  return automationResponse(row).trigger as Trigger;
}

function timeOf(text: string | null | undefined): number | undefined {
  return text ? parseTimestamp(text) : undefined;
}
