import type { State } from '@prefect-ts/protocol';
import type { ClientVersions, MaybeType, Policy, RunDraft, Step, Transition, Verdict } from './transition.ts';

/** What became of a proposal. */
export interface Outcome {
  readonly status: 'ACCEPT' | 'REJECT' | 'ABORT' | 'WAIT';
  readonly details: OutcomeDetails;
  /** The state to store; null when nothing is stored. */
  readonly stored: State | null;
}

export type OutcomeDetails =
  | { readonly type: 'accept_details' }
  | { readonly type: 'reject_details' | 'abort_details'; readonly reason: string }
  | { readonly type: 'wait_details'; readonly delay_seconds: number; readonly reason: string };

export interface Proposal<Run extends RunDraft, Facts> {
  /** Changed in place by what the transition does to the run. */
  readonly run: Run;
  readonly facts: Facts;
  readonly initial: State | null;
  readonly proposed: State;
  readonly now: number;
  readonly client: ClientVersions;
}

/** A step that took part, with the transition that it was made for. */
interface Entered<Run extends RunDraft, Facts> {
  readonly step: Step<Run, Facts>;
  /** False once an earlier step had changed the transition. */
  readonly valid: boolean;
  /** What the rule itself made of the transition. */
  to: MaybeType;
}

/**
 * Takes a proposal through a policy. Nothing is read or written: the outcome says what to store, and `run` and the facts carry what
 * the transition changed. Contract: orchestration 2.3.
 */
export function orchestrate<Run extends RunDraft, Facts>(policy: Policy<Run, Facts>, proposal: Proposal<Run, Facts>): Outcome {
  const transition: Transition<Run, Facts> = { ...proposal, status: 'ACCEPT' };
  const from: MaybeType = proposal.initial?.type ?? null;
  const to: MaybeType = proposal.proposed.type;
  let details: OutcomeDetails = { type: 'accept_details' };

  const entered: Entered<Run, Facts>[] = [];
  for (const step of policy) {
    if (step.kind === 'transform') {
      if (transition.proposed) step.before?.(transition, transition.proposed);
      entered.push({ step, valid: true, to });
      continue;
    }
    if (!step.from.has(from) || !step.to.has(to)) continue;
    const participant: Entered<Run, Facts> = { step, valid: transition.proposed?.type === to, to };
    entered.push(participant);
    if (!participant.valid || !transition.proposed) continue;
    const verdict = step.before?.(transition, transition.proposed);
    if (!verdict) continue;
    details = applyVerdict(transition, verdict) ?? details;
    participant.to = transition.proposed?.type ?? null;
  }

  leave(entered.reverse(), transition, from);
  return { status: transition.status, details, stored: transition.proposed };
}

/** Changes the transition as a rule decided; answers the details that its caller will see, or nothing for a mere change of name. */
function applyVerdict<Run extends RunDraft, Facts>(
  transition: Transition<Run, Facts>,
  verdict: Verdict,
): OutcomeDetails | undefined {
  switch (verdict.kind) {
    case 'reject':
      transition.status = 'REJECT';
      transition.proposed = verdict.state;
      return { type: 'reject_details', reason: verdict.reason };
    case 'wait':
      transition.status = 'WAIT';
      transition.proposed = null;
      return { type: 'wait_details', delay_seconds: verdict.seconds, reason: verdict.reason };
    case 'abort':
      transition.status = 'ABORT';
      transition.proposed = null;
      return { type: 'abort_details', reason: verdict.reason };
    case 'rename':
      if (transition.proposed) transition.proposed = { ...transition.proposed, name: verdict.name };
      return undefined;
  }
}

/** Leaves the steps in reverse order: each sees whether what it had let through was stored. */
function leave<Run extends RunDraft, Facts>(
  entered: readonly Entered<Run, Facts>[],
  transition: Transition<Run, Facts>,
  from: MaybeType,
): void {
  const stored: MaybeType = transition.proposed?.type ?? null;
  for (const { step, valid, to } of entered) {
    if (step.kind === 'transform') {
      if (transition.proposed) step.after?.(transition, transition.proposed);
      continue;
    }
    if (!valid || !step.from.has(from) || !step.to.has(to)) continue;
    if (to === stored) step.after?.(transition);
    else step.cleanup?.(transition);
  }
}
