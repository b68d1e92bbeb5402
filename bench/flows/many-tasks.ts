import { flow, task } from 'prefect-ts';

const addOne = task('add-one', ({ n }: { n: number }) => n + 1);

const manyTasks = flow('many-tasks', async ({ count }: { count: number }) => {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const results = await addOne.map(numbers, (n) => ({ n })).results();
  return results.length;
});

await manyTasks({ count: Number(process.argv[2]) });
