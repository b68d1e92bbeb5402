/** Does something `count` times, with at most `clients` of them under way. */
export async function inParallel(clients: number, count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: clients }, client));
}
