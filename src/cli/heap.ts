/** Heap sizes in bytes, and the percentage by which the heap may grow between full collections from there on. */
const STAGES = [{ from: 36e6, growth: 90 }, { from: 128e6, growth: 40 }] as const;
/** Milliseconds between checks. */
const LOOK_EVERY = 500;

/**
 * Limits heap growth. V8 lets a heap grow to a multiple of the live data before a full collection; over a long log that
 * multiple is most of the memory and keeps growing, although the live data does not. Collecting earlier costs a
 * twentieth more time if every line is about IPsec. With very many connections, whose attempts stay live to the end,
 * collecting still earlier costs a fifth more time and saves two fifths of the memory.
 */
export function boundHeap(): void {
  let next = 0;
  const looking = setInterval(() => {
    const reached = STAGES.findLastIndex(({ from }) => process.memoryUsage().heapUsed >= from);
    if (reached < next) return;
    next = reached + 1;
    if (next === STAGES.length) clearInterval(looking);
    void import('node:v8').then(({ setFlagsFromString }) => setFlagsFromString(`--heap-growing-percent=${STAGES[reached]?.growth}`));
  }, LOOK_EVERY);
  looking.unref();
}
