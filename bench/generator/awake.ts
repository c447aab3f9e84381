/**
 * Runs `work` without letting this process fall asleep. A sleeping receiver has to be woken by whoever sends to
 * it, which on one machine is the server: as a part of its `send`, on its account. Members far away cost no
 * server anything of that kind.
 */
export async function whileAwake<T>(work: () => Promise<T>): Promise<T> {
  let isDone = false;
  const spin = (): void => {
    if (!isDone) setImmediate(spin);
  };
  spin();
  try {
    return await work();
  } finally {
    isDone = true;
  }
}
