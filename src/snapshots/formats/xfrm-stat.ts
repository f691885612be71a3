import type { SnapshotFormat } from '../format.js';

const COUNTER = /^(Xfrm[A-Za-z]{2,40})\s+(\d{1,18})\s*$/;

/** `/proc/net/xfrm_stat` (net/xfrm/xfrm_proc.c). Counters added by later kernels are kept under their names. */
export const XFRM_STAT: SnapshotFormat = {
  name: 'xfrm-stat',
  opens: (text) => text.startsWith('Xfrm') && COUNTER.test(text),
  start: (emit) => ({
    take(line) {
      const match = COUNTER.exec(line.text);
      if (match === null) return false;
      emit({ type: 'counter', format: 'xfrm-stat', line, name: match[1] ?? '', value: Number(match[2]) });
      return true;
    },
    end: () => undefined,
  }),
};
