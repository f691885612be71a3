/** From so many bytes in use on, the per cent by which the heap may grow between two full collections. */
const STAGES = [{ from: 36e6, growth: 90 }, { from: 128e6, growth: 40 }] as const;
/** Milliseconds between looks. */
const LOOK_EVERY = 500;

/**
 * V8 lets a heap grow to a multiple of what is in use before it collects all that is not. Over a long log that multiple is most of the
 * memory, and grows with the log though what is in use does not: it is collected sooner, for a twentieth more time where every line
 * is about IPsec. With very many connections, whose attempts are in use to the end, sooner still, for a fifth more time and two
 * fifths less memory.
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
