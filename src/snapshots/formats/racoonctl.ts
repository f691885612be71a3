import type { IkeSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import type { SnapshotFormat } from '../format.js';

const HEAD = /^(?:Source +)?Destination +Cookies +/;
const ROW = /^(?:([0-9a-fA-F.:]{2,45})\.\d{1,5} +)?([0-9a-fA-F.:]{2,45})\.(\d{1,5}) +([0-9a-f]{16}):([0-9a-f]{16})(.{0,80})$/;
const DETAILS = /^ +(\d{1,2}) ([IR]) /;

/** Number of the established phase 1 state in ipsec-tools (racoon, handler.h). */
const ESTABLISHED = 9;

/** `racoonctl [-l] show-sa isakmp` (ipsec-tools, racoonctl.c). */
export const RACOONCTL: SnapshotFormat = {
  name: 'racoon-isakmp',
  opens: (text) => HEAD.test(text),
  start: (emit) => ({
    take(line) {
      const row = ROW.exec(line.text);
      if (row !== null) emit(readRow(line, row));
      return row !== null || HEAD.test(line.text);
    },
    end: () => undefined,
  }),
};

/** Without -l the state is not printed, but only established SAs have a date. */
function readRow(line: SourceLine, [, localAddress, peerAddress = '', , , responder, rest = '']: RegExpExecArray): IkeSaObservation {
  const [, status, role] = DETAILS.exec(rest) ?? [];
  const established = status === undefined ? /\d{4}-\d\d-\d\d \d\d:/.test(rest) : Number(status) === ESTABLISHED;
  return {
    type: 'ike-sa', format: 'racoon-isakmp', line, name: null, number: null, version: 1, established, state: status === undefined ? (established ? 'established' : 'negotiating') : `state ${status}`,
    localAddress: localAddress ?? null, localId: null, peerAddress, peerId: null, peerAnswered: responder !== '0000000000000000', initiator: role === undefined ? null : role === 'I', renewsIn: null,
  };
}
