import { State, type StateInit } from '../states/state.ts';
import { Transaction } from '../transactions/transaction.ts';
import { readKept, recordOf } from './task-results.ts';
import type { TaskRunScope } from './task-scope.ts';

/** Opens the transaction that an attempt of a task runs in (contract, SDK 20). */
export async function beginTaskTransaction(scope: TaskRunScope, key: string | null): Promise<Transaction> {
  const { task, node, log } = scope;
  const transaction = new Transaction({
    key,
    parent: scope.outerTransaction,
    commit: undefined,
    // That of a transaction around it is about its own key.
    isolation: task.isolation ?? 'readCommitted',
    overwrite: task.refreshCache ?? scope.session.defaults.refreshCache,
    locks: task.locks,
    find: async () => (key === null ? undefined : readKept(scope, key)),
    prepare: (value) => (key === null ? undefined : recordOf(scope, key, value)),
    log,
  });
  scope.transaction = transaction;
  await transaction.begin(node.signal);
  return transaction;
}

/** Hands a completed attempt to its transaction. What it gives is kept now, or with the transaction around it. */
export async function endTaskTransaction(scope: TaskRunScope, transaction: Transaction, ended: StateInit): Promise<StateInit> {
  const { commit, rollback } = scope.task;
  const hooks = { onCommit: commit, onRollback: [() => scope.enterRolledBack(), ...rollback] };
  const record = transaction.stage(await new State(ended).result(), hooks);
  await transaction.end();
  return record && transaction.state !== 'ROLLED_BACK' ? { ...ended, metadata: record.metadata } : ended;
}
