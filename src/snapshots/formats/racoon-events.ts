import type { SourceLine } from '../../model/source-line.js';
import { ADDRESS } from '../format.js';
import type { Emit, SnapshotFormat, SnapshotParser } from '../format.js';

const EVENT = new RegExp(String.raw`^Phase ([12]) (established|deleted|mode configuration done|Xauth succeeded|Xauth failed|error: [A-Za-z][A-Za-z ().?]{2,60}) : (${ADDRESS})\[\d{1,5}\] -> (${ADDRESS})\[\d{1,5}\]\s*$`);
/** Events that concern no single tunnel; when racoon terminates, its SAs go with it. */
const OTHER = /^(?:Racoon terminated|Bound to address |VPN connexion established)/;

/** Errors which mean that nothing came from the peer. */
const SILENT = /peer not responding|no response/;

/** The latest event of a phase between two endpoints. */
interface Latest {
  readonly line: SourceLine;
  readonly phase: '1' | '2';
  readonly state: string;
  readonly localAddress: string;
  readonly peerAddress: string;
}

/**
 * `racoonctl show-event` and `vpn-connect` (ipsec-tools, racoonctl.c): a list of events, of which the latest per tunnel
 * gives its current state.
 */
export const RACOON_EVENTS: SnapshotFormat = {
  name: 'racoon-events',
  opens: (text) => EVENT.test(text),
  start: (emit) => new RacoonEvents(emit),
};

class RacoonEvents implements SnapshotParser {
  private readonly latest = new Map<string, Latest>();

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const [, phase, event = '', localAddress = '', peerAddress = ''] = EVENT.exec(line.text) ?? [];
    if (phase === undefined) {
      if (line.text.startsWith('Racoon terminated')) this.latest.clear();
      return line.text === '' || OTHER.test(line.text);
    }
    const key = `${phase} ${localAddress} ${peerAddress}`;
    // Events after an SA came up do not change its state
    const state = /^(?:mode configuration done|Xauth succeeded)$/.test(event) ? (this.latest.get(key)?.state ?? 'negotiating') : event.replace(/^error: /, '');
    if (state === 'deleted') this.latest.delete(key);
    else this.latest.set(key, { line, phase: phase === '1' ? '1' : '2', state, localAddress, peerAddress });
    return true;
  }

  end(): void {
    for (const { phase, ...latest } of this.latest.values()) {
      const established = latest.state === 'established';
      if (phase === '1') this.emit({ type: 'ike-sa', format: 'racoon-events', ...latest, name: null, number: null, version: 1, established, localId: null, peerId: null, peerAnswered: !SILENT.test(latest.state), initiator: null, renewsIn: null });
      else {
        this.emit({
          type: 'child-sa', format: 'racoon-events', ...latest, name: null, number: null, ikeName: null, ikeNumber: null, installed: established, reqid: null, spiIn: null, spiOut: null,
          bytesIn: null, bytesOut: null, packetsIn: null, packetsOut: null, udpEncapsulated: null, integrity: null, localNet: null, peerNet: null, renewsIn: null, expiresIn: null,
        });
      }
    }
    this.latest.clear();
  }
}
