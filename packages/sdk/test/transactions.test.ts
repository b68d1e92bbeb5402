import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CachePolicy,
  ConfigurationError,
  fileLocks,
  flow,
  memoryLocks,
  type Transaction,
  task,
  transaction,
} from '../src/index.ts';
import { type Harness, harness } from '../src/testing/index.ts';

/** Tasks that note what is done and undone. */
function noting() {
  const notes: string[] = [];
  const does = task(
    {
      name: 'does',
      on: { commit: (txn) => notes.push(`commit ${txn.get('what')}`), rollback: (txn) => notes.push(`undo ${txn.get('what')}`) },
    },
    async ({ what }: { what: string }) => {
      notes.push(what);
      return what;
    },
  );
  return { notes, does };
}

function inFlow<T>(h: Harness, body: () => Promise<T>) {
  return h.run(flow('f', body));
}

describe('a transaction', () => {
  it('undoes the completed tasks in it when it throws, the last first', async () => {
    await using h = await harness();
    const undone: string[] = [];
    const step = (name: string, fails = false) =>
      task({ name, on: { rollback: () => undone.push(name) } }, async () => {
        if (fails) throw new Error(`${name} failed`);
      });
    const run = await inFlow(h, () =>
      transaction(async () => {
        await step('reserve')();
        await step('charge')();
        await step('ship', true)();
      }),
    );
    await expect(run.result()).rejects.toThrow('ship failed');
    expect(undone).toEqual(['charge', 'reserve']);
    expect(run.task('reserve').states).toEqual(['Pending', 'Running', 'Completed', 'RolledBack']);
    expect(run.task('ship').states).toEqual(['Pending', 'Running', 'Failed']);
  });

  it('runs commit hooks once all went well, those inside first', async () => {
    await using h = await harness();
    const order: string[] = [];
    const step = task({ name: 'step', on: { commit: () => order.push('task') } }, async () => 'done');
    await inFlow(h, () =>
      transaction(async (txn) => {
        txn.onCommit(() => order.push('outer'));
        await transaction(async (inner) => inner.onCommit(() => order.push('inner')));
        await step();
        expect(order).toEqual([]);
      }),
    );
    expect(order).toEqual(['inner', 'task', 'outer']);
  });

  it('keeps what it staged under its key, and is not done again', async () => {
    await using h = await harness();
    let done = 0;
    const order = () =>
      transaction({ key: 'order-7' }, async (txn) => {
        if (txn.committed) return txn.read<{ receipt: number }>();
        txn.stage({ receipt: ++done });
        return undefined;
      });
    const twice = await inFlow(h, async () => [await order(), await order()]);
    expect(await twice.result()).toEqual([null, { receipt: 1 }]);
    const again = await inFlow(h, () => transaction({ key: 'order-7', overwrite: true }, (txn) => txn.committed));
    expect(await again.result()).toBe(false);
  });

  it('keeps the results of tasks in it only when it is committed', async () => {
    await using h = await harness();
    let runs = 0;
    const slow = task({ name: 'slow', cache: 'inputs' }, async ({ n }: { n: number }) => n + ++runs);
    const broken = await inFlow(h, () =>
      transaction(async () => {
        await slow({ n: 1 });
        throw new Error('later');
      }),
    );
    expect(broken.states.at(-1)).toBe('Failed');
    const kept = await inFlow(h, () => transaction(async () => slow({ n: 1 })));
    expect(await kept.result()).toBe(3);
    expect(await (await inFlow(h, () => slow({ n: 1 }))).result()).toBe(3);
    expect(runs).toBe(2);
  });

  it('is not undone by an attempt that is retried', async () => {
    await using h = await harness();
    const undone: string[] = [];
    let attempts = 0;
    const first = task({ name: 'first', on: { rollback: () => undone.push('first') } }, async () => 1);
    const flaky = task({ name: 'flaky', retries: 1, on: { rollback: () => undone.push('flaky') } }, async () => {
      if (++attempts === 1) throw new Error('once');
    });
    const run = await inFlow(h, () =>
      transaction(async (txn) => {
        await first();
        await flaky();
        return txn.state;
      }),
    );
    expect(await run.result()).toBe('ACTIVE');
    expect(undone).toEqual([]);
  });

  it('gives values of the transactions around it, as copies', async () => {
    await using h = await harness();
    const seen = await inFlow(h, () =>
      transaction(async (outer) => {
        outer.set('list', [1]);
        return transaction(async (inner) => {
          inner.get<number[]>('list').push(2);
          expect(() => inner.get('none')).toThrow('no value "none"');
          return [inner.get('list'), inner.get('none', 'fallback')];
        });
      }),
    );
    expect(await seen.result()).toEqual([[1], 'fallback']);
  });

  it('commits at once, or never, when told so', async () => {
    await using h = await harness();
    const notes: string[] = [];
    const noted = (txn: Transaction) => {
      txn.onCommit(() => notes.push('commit'));
      txn.onRollback(() => notes.push('rollback'));
    };
    await inFlow(h, async () => {
      await transaction(async () => {
        await transaction({ commit: 'eager' }, noted);
        expect(notes).toEqual(['commit']);
      });
      await transaction({ commit: 'off' }, noted);
    });
    expect(notes).toEqual(['commit', 'rollback']);
  });

  it('rolls back when a commit hook fails', async () => {
    await using h = await harness();
    const notes: string[] = [];
    const run = await inFlow(h, () =>
      transaction({ key: 'k' }, async (txn) => {
        txn.stage(1, { onCommit: [() => Promise.reject(new Error('no'))], onRollback: [() => notes.push('undone')] });
      }),
    );
    await run.result();
    expect(notes).toEqual(['undone']);
    expect(await (await inFlow(h, () => transaction({ key: 'k' }, (txn) => txn.committed))).result()).toBe(false);
  });

  it('has hooks in a task that asks for nothing else', async () => {
    await using h = await harness();
    const { notes, does } = noting();
    const wrapped = task('wrapped', async () => {
      await transaction(async (txn) => {
        txn.set('what', 'inner');
        txn.onRollback(() => notes.push('undo inner'));
      });
      throw new Error('after the transaction');
    });
    expect((await inFlow(h, () => wrapped())).states.at(-1)).toBe('Failed');
    expect(notes).toEqual(['undo inner']);
    await inFlow(h, () =>
      transaction(async (txn) => {
        txn.set('what', 'x');
        await does({ what: 'do' });
      }),
    );
    expect(notes).toEqual(['undo inner', 'do', 'commit x']);
  });
});

describe('a transaction of a block', () => {
  it('takes in what is called in the block, and commits once it is complete', async () => {
    await using h = await harness();
    const notes: string[] = [];
    const step = task({ name: 'step', on: { commit: () => notes.push('commit'), rollback: () => notes.push('undo') } }, () => 1);
    const run = await inFlow(h, async () => {
      {
        await using txn = await transaction();
        await step();
        expect(notes).toEqual([]);
        txn.complete();
      }
      expect(notes).toEqual(['commit']);
      await step();
      expect(notes).toEqual(['commit', 'commit']);
      {
        await using _ = await transaction();
        await step();
      }
      return notes;
    });
    expect(await run.result()).toEqual(['commit', 'commit', 'undo']);
  });

  it('is rolled back when the block throws', async () => {
    await using h = await harness();
    const notes: string[] = [];
    const run = await inFlow(h, async () => {
      await using txn = await transaction();
      txn.onRollback(() => notes.push('undo'));
      throw new Error('in the block');
    });
    await expect(run.result()).rejects.toThrow('in the block');
    expect(notes).toEqual(['undo']);
  });
});

describe('a cache', () => {
  it('with isolation lets one of equal calls run, and gives the others its result', async () => {
    await using h = await harness();
    let runs = 0;
    const cache = { policy: CachePolicy.inputs, isolation: 'serializable', locks: memoryLocks() } as const;
    const slow = task({ name: 'slow', cache }, async ({ n }: { n: number }) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return n + ++runs;
    });
    const run = await inFlow(h, () => slow.map([1, 1, 1, 1], (n) => ({ n })).results());
    expect(await run.result()).toEqual([2, 2, 2, 2]);
    expect(runs).toBe(1);
    expect(() => slow.with({ cache: { policy: 'inputs', isolation: 'serializable' } })).toThrow(ConfigurationError);
    await expect(h.within(() => transaction({ key: 'k', isolation: 'serializable' }, () => 1))).rejects.toThrow(
      ConfigurationError,
    );
  });

  it('with isolation lets the next one run when one failed', async () => {
    await using h = await harness();
    let runs = 0;
    const locks = fileLocks(join(h.home, 'locks'));
    const cache = { policy: CachePolicy.inputs, isolation: 'serializable', locks } as const;
    const flaky = task({ name: 'flaky', cache }, async ({ n }: { n: number }) => {
      if (++runs === 1) throw new Error('first');
      return n;
    });
    const run = await inFlow(h, async () => {
      const futures = flaky.map([1, 1], (n) => ({ n }));
      return (await futures.settled()).map((state) => state.name).sort();
    });
    expect(await run.result()).toEqual(['Completed', 'Failed']);
  });

  it('may keep its keys in a folder of their own', async () => {
    await using h = await harness();
    const storage = join(h.home, 'keys');
    let runs = 0;
    const slow = task({ name: 'slow', cache: { policy: () => 'the-key', storage, expires: '1h' } }, async () => ({ n: ++runs }));
    expect(await (await inFlow(h, async () => [await slow(), await slow()])).result()).toEqual([{ n: 1 }, { n: 1 }]);
    const metadata = JSON.parse(await readFile(join(storage, 'the-key'), 'utf8'));
    expect(metadata).toMatchObject({ serializer: { type: 'json' }, expiration: expect.any(String) });
    expect(await readFile(metadata.storage_key, 'utf8')).toBe('{"n": 1}');
  });
});

describe('a record that only Python can read', () => {
  it('does not keep a task from running, and is replaced', async () => {
    await using h = await harness();
    const folder = join(h.home, 'storage');
    await mkdir(folder);
    await writeFile(join(folder, 'shared'), JSON.stringify({ metadata: { serializer: { type: 'pickle' } }, result: 'gASV' }));
    const shared = task({ name: 'shared', cache: CachePolicy.key(() => 'shared') }, async () => 1);
    const run = await inFlow(h, async () => [await shared(), await shared()]);
    expect(await run.result()).toEqual([1, 1]);
    expect(run.taskRuns.map(({ states }) => states.at(-1)).sort()).toEqual(['Cached', 'Completed']);
  });
});

describe('locks in a folder', () => {
  it('are one file each, as Python writes them, and can be taken when they have expired', async () => {
    await using h = await harness();
    const folder = join(h.home, 'locks');
    const locks = fileLocks(folder, { expires: 60 });
    await locks.acquire('a', 'me');
    await locks.acquire('a', 'me');
    const path = join(folder, 'a.lock');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ holder: 'me', expiration: expect.any(String) });
    await locks.release('a', 'you');
    const waiting = locks.acquire('a', 'you', AbortSignal.timeout(20));
    await expect(waiting).rejects.toThrow();
    await writeFile(path, JSON.stringify({ holder: 'me', expiration: new Date(0).toISOString() }));
    await locks.acquire('a', 'you');
    await locks.release('a', 'you');
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });
});
