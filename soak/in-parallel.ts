/** Does something with each, `atATime` of them at a time. Rejects with the first error, when the others under way are done. */
export async function inParallel<T>(
  atATime: number,
  items: Iterable<T>,
  use: (item: T) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) await use(next.value);
  };
  const outcomes = await Promise.allSettled(Array.from({ length: atATime }, work));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
