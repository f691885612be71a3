/** Remembers the answers to the most recently asked keys, at most `limit` of them. */
export function createMemo<T>(limit: number): (key: string, compute: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, T>();
  return async (key, compute) => {
    const answer = answers.get(key) ?? await compute();
    // A Map iterates in order of insertion: re-inserting makes the first key the one asked longest ago.
    answers.delete(key);
    answers.set(key, answer);
    if (answers.size > limit) answers.delete(answers.keys().next().value!);
    return answer;
  };
}
