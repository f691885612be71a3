/** Caches the answers for the most recently used keys, at most `limit`. */
export function createMemo<T>(limit: number): (key: string, compute: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, T>();
  return async (key, compute) => {
    const answer = answers.get(key) ?? await compute();
    // A Map iterates in insertion order, so re-inserting keeps the least recently used key first.
    answers.delete(key);
    answers.set(key, answer);
    if (answers.size > limit) answers.delete(answers.keys().next().value!);
    return answer;
  };
}
