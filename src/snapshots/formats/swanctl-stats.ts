import type { SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';

const HEAD = /^uptime: .{1,60}, since [A-Z]/;
const LINE = /^(?:uptime|worker threads|job queues|jobs scheduled|IKE_SAs|mallinfo|loaded plugins): /;

/** `swanctl --stats`: uptime and loaded plugins. */
export const SWANCTL_STATS: SnapshotFormat = {
  name: 'tool',
  opens: (text) => HEAD.test(text),
  start: (emit) => ({
    take(line) {
      const key = LINE.exec(line.text)?.[0];
      if (key === 'loaded plugins: ') emit({ type: 'setting', format: 'tool', line: { ...line, text: shorten(line.text, 300) }, name: 'charon plugins', value: line.text.slice(key.length) });
      return key !== undefined;
    },
    end: () => undefined,
  }),
};
