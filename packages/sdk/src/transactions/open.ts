import { type Context, currentContext, enterContext, runInContext, surroundingTransaction } from '../context/context.ts';
import { beginTaskTransaction } from '../engine/task-transaction.ts';
import { prepareTaskRecord, readTaskRecord } from '../results/records.ts';
import { currentSession } from '../session/session.ts';
import type { Locks } from './locks.ts';
import { type CommitMode, type IsolationLevel, Transaction, type TransactionLog } from './transaction.ts';

/** How a transaction behaves. */
export interface TransactionOptions {
  /** Under which the result is kept, so that the work is done once. Default: it is done each time. */
  readonly key?: string | undefined;
  /** When the work inside is kept. Default: as around it, else with the outermost. */
  readonly commit?: CommitMode | undefined;
  /** Default: as around it, else `readCommitted`. */
  readonly isolation?: IsolationLevel | undefined;
  /** What a serializable transaction locks with. */
  readonly locks?: Locks | undefined;
  /** Works again, and replaces what lies under the key. Default false. */
  readonly overwrite?: boolean | undefined;
}

/** A transaction in a block: `await using txn = await transaction(…)`. Without `complete()` it is rolled back at the end of the block. */
export interface OpenTransaction extends Transaction, AsyncDisposable {
  /** Says that all went well. */
  complete(): void;
}

/** Runs a function in a transaction: it is committed when the function returns and rolled back when it throws. */
export async function inTransaction<T>(
  options: TransactionOptions,
  work: (transaction: Transaction) => Promise<T> | T,
): Promise<T> {
  const context = currentContext();
  const transaction = await makeTransaction(options, context);
  const { task, flow } = context;
  await transaction.begin((task ?? flow)?.node.signal);
  try {
    const value = await runInContext({ ...context, transaction: { current: transaction } }, () => work(transaction));
    await transaction.end();
    return value;
  } catch (error) {
    await transaction.fail();
    throw error;
  }
}

/** Opens the transaction of a block. `slot` is what its context looks at. */
export async function openTransaction(
  options: TransactionOptions,
  outer: Context,
  slot: { current: Transaction | undefined },
): Promise<OpenTransaction> {
  const transaction = await makeTransaction(options, outer);
  await transaction.begin((outer.task ?? outer.flow)?.node.signal);
  slot.current = transaction;
  let complete = false;
  return Object.assign(transaction, {
    complete: () => {
      complete = true;
    },
    [Symbol.asyncDispose]: () => {
      // At once, so that the code behind the block is in the context before it.
      enterContext(outer);
      return complete || transaction.committed ? transaction.end() : transaction.fail();
    },
  });
}

async function makeTransaction(options: TransactionOptions, context: Context): Promise<Transaction> {
  const { task, flow } = context;
  // Every task body is in a transaction; one that asks for nothing gets it when something inside does.
  if (task && !surroundingTransaction(context)) await beginTaskTransaction(task, null);
  const store = flow?.store ?? currentSession().results;
  const key = options.key ?? null;
  return new Transaction({
    key,
    parent: surroundingTransaction(context),
    commit: options.commit,
    isolation: options.isolation,
    overwrite: options.overwrite ?? false,
    locks: options.locks,
    find: async () => (key === null ? undefined : readTaskRecord(store, key)),
    prepare: (value) => (key === null ? undefined : prepareTaskRecord(store, key, value, null)),
    log: task?.log ?? flow?.log ?? processLog,
  });
}

const processLog: TransactionLog = {
  info: () => {},
  warn: (message, error) => process.emitWarning(error === undefined ? message : `${message}: ${error}`, 'PrefectWarning'),
  error: (message, error) => process.stderr.write(`${message}: ${error}\n`),
};
