import type { ConnectionObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';

const HEAD = /^(\S[^\n]{0,200}?): IKEv(?:1\/2|1|2), (?:no )?re(?:authentication|keying)/;
const SIDE = /^(local|remote): +(\S.{0,300})$/;

/** `swanctl --list-conns` (strongSwan, list_conns.c): connections loaded by charon. */
export const SWANCTL_CONNS: SnapshotFormat = {
  name: 'swanctl-conns',
  opens: (text) => text.includes(': IKEv') && HEAD.test(text),
  start: (emit) => new SwanctlConns(emit),
};

class SwanctlConns implements SnapshotParser {
  private entry: Draft<ConnectionObservation> | null = null;
  private round: 'local' | 'remote' | null = null;
  private child = false;
  /** A connection that contains only shunt policies (pass or drop) has no peer. */
  private isShunt = false;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const head = HEAD.exec(line.text);
    if (head !== null) {
      this.end();
      this.entry = blank(line, head[1] ?? '');
      return true;
    }
    if (this.entry === null || line.text.trim() === '' || !line.text.startsWith('  ')) return this.entry !== null && line.text.trim() === '';
    this.detail(this.entry, line.text.trim());
    return true;
  }

  end(): void {
    if (this.entry !== null && !this.isShunt) this.emit(this.entry);
    this.entry = null;
    this.isShunt = false;
    this.round = null;
    this.child = false;
  }

  private detail(entry: Draft<ConnectionObservation>, text: string): void {
    const round = /^(local|remote) .{0,80}authentication:$/.exec(text);
    const side = SIDE.exec(text);
    const mode = /^\S.{0,200}: (TUNNEL|TRANSPORT|PASS|DROP|BEET|IPTFS)\b/.exec(text);
    if (round !== null) this.round = round[1] as 'local' | 'remote';
    else if (mode !== null) {
      this.isShunt = (this.isShunt || !this.child) && (mode[1] === 'PASS' || mode[1] === 'DROP');
      this.child = true;
    }
    else if (text.startsWith('id: ') && !text.startsWith('id: %any')) this.takeId(entry, text.slice(4));
    else if (side !== null) this.takeSide(entry, side[1] === 'local', side[2] ?? '');
  }

  private takeId(entry: Draft<ConnectionObservation>, id: string): void {
    if (this.round === 'local') entry.localId ??= id.trim();
    else if (this.round === 'remote') entry.peerId ??= id.trim();
  }

  /**
   * Only the first child's traffic selectors are kept: in nearly all configurations it has the connection's main
   * networks.
   */
  private takeSide(entry: Draft<ConnectionObservation>, isLocal: boolean, value: string): void {
    if (this.child) {
      if (isLocal) entry.localNet ??= value.trim();
      else entry.peerNet ??= value.trim();
      return;
    }
    const address = value.replace(/\[\d+\].*$/, '').trim();
    if (address.startsWith('%any')) return;
    if (isLocal) entry.localAddress ??= address;
    else entry.peerAddress ??= address;
  }
}

function blank(line: SourceLine, name: string): Draft<ConnectionObservation> {
  return {
    type: 'connection', format: 'swanctl-conns', line, name, localAddress: null, peerAddress: null, localId: null, peerId: null,
    localNet: null, peerNet: null, oriented: null, routing: null, truncatesSha2: null,
  };
}
