/** Bytes in use from which on the heap is kept close to what is in use. */
const LARGE = 128e6;
/** Per cent that it may then grow between two full collections. */
const GROWTH = 40;
/** Milliseconds between looks. */
const LOOK_EVERY = 500;

/**
 * V8 lets a heap grow to a multiple of what is in use before it collects all that is not. With very many connections, whose attempts
 * are in use to the end, that multiple is most of the memory: a large heap is collected sooner, for a fifth more time and two fifths
 * less memory.
 */
export function boundHeap(): void {
  const looking = setInterval(() => {
    if (process.memoryUsage().heapUsed < LARGE) return;
    clearInterval(looking);
    void import('node:v8').then(({ setFlagsFromString }) => setFlagsFromString(`--heap-growing-percent=${GROWTH}`));
  }, LOOK_EVERY);
  looking.unref();
}
