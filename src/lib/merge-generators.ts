/**
 * Runs several async generators side by side, at most `limit` at a time, and yields what they yield as it comes. Each goes
 * on only after what it yielded has been taken, so a consumer that persists each value holds the work back. Returns the
 * generators' results in the order of `sources`. When the consumer stops early, all are closed.
 */
export async function* mergeGenerators<T, R>(
  sources: readonly (() => AsyncGenerator<T, R>)[],
  limit: number,
): AsyncGenerator<T, R[]> {
  const results: R[] = new Array(sources.length);
  const active = new Map<
    number,
    { generator: AsyncGenerator<T, R>; step: Promise<{ index: number; result: IteratorResult<T, R> }> }
  >();
  let next = 0;
  const advance = (index: number, generator: AsyncGenerator<T, R>) => {
    // To the end of the line: one that always has something ready must not keep the others waiting.
    active.delete(index);
    active.set(index, { generator, step: generator.next().then((result) => ({ index, result })) });
  };
  const fill = () => {
    for (; next < sources.length && active.size < limit; next += 1) {
      const source = sources[next];
      if (source) advance(next, source());
    }
  };
  try {
    for (fill(); active.size > 0; fill()) {
      const { index, result } = await Promise.race([...active.values()].map((entry) => entry.step));
      const entry = active.get(index);
      if (!entry) continue;
      if (result.done) {
        results[index] = result.value;
        active.delete(index);
        continue;
      }
      yield result.value;
      advance(index, entry.generator);
    }
    return results;
  } finally {
    for (const { generator, step } of active.values()) {
      step.catch(() => undefined);
      Promise.resolve(generator[Symbol.asyncDispose]()).catch(() => undefined);
    }
  }
}
