import type { SourceLine } from '../../model/source-line.js';
import type { Emit, SnapshotFormat } from '../format.js';

const COUNT = /^\t? *SAD count (\d{1,10})(?: \(buckets count .{1,60}\))?\s*$/;
const POLICIES = /^\t? *SPD IN {1,2}(\d{1,10}) OUT (\d{1,10}) FWD (\d{1,10})(?: \(Sock: .{1,60}\))?\s*$/;
const DETAIL = /^\t? *(?:SPD )?(?:buckets|hthresh)\b.{0,100}$/;
const DEFAULTS = 'Default policies:';
const DEFAULT = /^ ?(in|fwd|out): {1,2}(accept|block)\s*$/;

/** `ip xfrm state count`, `ip xfrm policy count` and `ip xfrm policy getdefault` (iproute2, xfrm_policy.c). */
export const XFRM_COUNTS: SnapshotFormat = {
  name: 'xfrm-counts',
  opens: (text) => text.startsWith(DEFAULTS) || COUNT.test(text) || POLICIES.test(text),
  start: (emit) => ({
    take: (line) => line.text.trimEnd() === DEFAULTS || readCount(line, emit) || readDefault(line, emit) || DETAIL.test(line.text),
    end: () => undefined,
  }),
};

function readCount(line: SourceLine, emit: Emit): boolean {
  const states = COUNT.exec(line.text);
  const policies = states === null ? POLICIES.exec(line.text) : null;
  const format = 'xfrm-counts' as const;
  if (states !== null) emit({ type: 'counter', format, line, name: 'SAD count', value: Number(states[1]) });
  if (policies !== null) for (const [index, direction] of ['IN', 'OUT', 'FWD'].entries()) emit({ type: 'counter', format, line, name: `SPD ${direction}`, value: Number(policies[index + 1]) });
  return states !== null || policies !== null;
}

function readDefault(line: SourceLine, emit: Emit): boolean {
  const [, direction, action] = DEFAULT.exec(line.text) ?? [];
  if (direction === undefined || action === undefined) return false;
  emit({ type: 'setting', format: 'xfrm-counts', line: { ...line, text: line.text.trim() }, name: `xfrm default ${direction}`, value: action });
  return true;
}
