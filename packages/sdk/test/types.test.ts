import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { allowFailure, type Flow, type Future, type Futures, flow, type State, type Task, task } from '../src/index.ts';

const length = task('length', async ({ text }: { text: string }) => text.length);
const now = task('now', async () => 1);

describe('types', () => {
  it('of a task follow from its body', () => {
    expectTypeOf(length).toEqualTypeOf<Task<{ text: string }, number>>();
    expectTypeOf(length.submit).returns.toEqualTypeOf<Future<number>>();
    expectTypeOf(length.state).returns.toEqualTypeOf<Promise<State<number>>>();
    expectTypeOf(now).returns.toEqualTypeOf<Promise<number>>();
    const mapped = () => length.map(['a'], (text) => ({ text }));
    expectTypeOf(mapped).returns.toEqualTypeOf<Futures<number>>();
  });

  it('of a flow follow from its schema: the caller sees the input side, the body the output side', () => {
    const typed = flow({ name: 'typed', params: z.object({ n: z.coerce.number().default(1) }) }, async ({ n }) => {
      expectTypeOf(n).toEqualTypeOf<number>();
      return [n];
    });
    expectTypeOf(typed).toEqualTypeOf<Flow<{ n?: unknown }, number[]>>();
    expectTypeOf(typed.with({ retries: 2 })).toEqualTypeOf<typeof typed>();
  });

  it('of what a body returns are those of the values behind runs', () => {
    const one = flow('one', async () => length.submit({ text: '' }));
    const many = flow('many', async () => length.map(['a'], (text) => ({ text })));
    expectTypeOf(one).toEqualTypeOf<Flow<unknown, number>>();
    expectTypeOf(many).toEqualTypeOf<Flow<unknown, number[]>>();
  });

  it('let a future stand for its value, and no other', () => {
    const square = task('square', async ({ n }: { n: number }) => n * n);
    const careful = task('careful', async ({ n }: { n: number | Error }) => n);
    const use = (number: Future<number>, text: Future<string>) => {
      square.submit({ n: number });
      careful.submit({ n: allowFailure(number) });
      // @ts-expect-error the task takes a number
      square.submit({ n: text });
      // @ts-expect-error the body does not expect an error
      square.submit({ n: allowFailure(number) });
      // @ts-expect-error the input is needed
      square.submit();
    };
    expectTypeOf(use).toBeFunction();
  });

  it('say that a future is no promise', () => {
    expectTypeOf<Awaited<Future<number>>>().toEqualTypeOf<Future<number>>();
  });
});
