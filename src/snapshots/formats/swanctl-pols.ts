import type { PolicyObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';

const HEAD = /^(\S[^\n]{0,200}?), (TRANSPORT|TUNNEL|BEET|IPTFS|PASS|DROP)\s*$/;
const SIDE = /^ {2}(local|remote): +(\S.{0,300})$/;

/** strongSwan gives shunt policies (pass, drop) precedence over tunnel policies with the same selectors. */
const FIRST = 0;

/** `swanctl --list-pols` (strongSwan, list_pols.c): traps and shunts. */
export const SWANCTL_POLS: SnapshotFormat = {
  name: 'swanctl-pols',
  opens: (text) => HEAD.test(text) && text.includes('/'),
  start: (emit) => new SwanctlPols(emit),
};

class SwanctlPols implements SnapshotParser {
  private entry: Draft<PolicyObservation> | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const head = HEAD.exec(line.text);
    if (head !== null) {
      this.end();
      this.entry = blank(line, head[2] ?? '');
      return true;
    }
    const side = SIDE.exec(line.text);
    if (this.entry === null || side === null) return this.entry !== null && line.text.trim() === '';
    if (side[1] === 'local') this.entry.source = side[2]?.trim() ?? '';
    else this.entry.destination = side[2]?.trim() ?? '';
    return true;
  }

  end(): void {
    if (this.entry !== null) this.emit(this.entry);
    this.entry = null;
  }
}

function blank(line: SourceLine, mode: string): Draft<PolicyObservation> {
  const action = mode === 'PASS' ? 'allow' : mode === 'DROP' ? 'block' : 'ipsec';
  return {
    type: 'policy', format: 'swanctl-pols', line, source: '', destination: '', direction: 'out', action, priority: action === 'ipsec' ? null : FIRST,
    templateSource: null, templateDestination: null, reqid: null, mode: mode.toLowerCase(), mark: null, interfaceId: null,
  };
}
