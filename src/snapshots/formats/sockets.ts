import type { SocketObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import type { SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';

const HEAD = /^(?:(?:Netid +)?State +Recv-Q +Send-Q +Local Address:Port|Active Internet connections|Proto Recv-Q Send-Q Local Address| +sl +local_address +rem_address)/;
/** `ss -lunp`, `netstat -lunp`: protocol, queues, local address, peer address. */
const LISTED = /^(?:udp6? +)?(?:UNCONN +)?\d{1,10} +\d{1,10} +(\S{1,60}):(\d{1,5}) +\S{1,60}(.{0,200})$/;
/** `/proc/net/udp`: local address and port in hexadecimal. */
const RAW = /^ *\d{1,6}: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]{8,32}:[0-9A-F]{4} [0-9A-F]{2} /;

/** Bound UDP sockets: `ss -lunp`, `netstat -lunp`, `/proc/net/udp`. */
export const SOCKETS: SnapshotFormat = {
  name: 'sockets',
  opens: (text) => HEAD.test(text),
  start: (emit) => ({
    take(line) {
      if (HEAD.test(line.text)) return true;
      const socket = readSocket(line);
      if (socket !== null) emit(socket);
      return socket !== null;
    },
    end: () => undefined,
  }),
};

function readSocket(line: SourceLine): SocketObservation | null {
  const raw = RAW.exec(line.text);
  const listed = raw === null ? LISTED.exec(line.text) : null;
  const port = raw !== null ? Number.parseInt(raw[2] ?? '', 16) : Number(listed?.[2] ?? Number.NaN);
  if (!Number.isFinite(port)) return null;
  const process = /users:\(\("([^"]{1,40})"|\d{1,9}\/([\w-]{1,40})/.exec(listed?.[3] ?? '');
  return { type: 'socket', format: 'sockets', line: { ...line, text: shorten(line.text.trim(), 200) }, address: raw === null ? (listed?.[1] ?? null) : null, port, process: process?.[1] ?? process?.[2] ?? null };
}
