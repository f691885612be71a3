import type { PolicyObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { ADDRESS, isUnspecified, numberOf, spiOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';
import { XfrmList } from './xfrm-list.js';

const HEAD = new RegExp(String.raw`^src (${ADDRESS}/\d{1,3}) dst (${ADDRESS}/\d{1,3})(?: |\s*$)`);
const DIRECTION = /^dir (in|out|fwd)\b(?:.* priority (\d+))?/;

/**
 * `ip [-s] xfrm policy` (iproute2, ipxfrm.c). The daemons' socket policies are skipped: they say nothing about tunnels.
 */
export const XFRM_POLICY: SnapshotFormat = {
  name: 'xfrm-policy',
  opens: (text) => text.startsWith('src ') && HEAD.test(text),
  start: (emit) => new XfrmPolicy(emit),
};

class XfrmPolicy extends XfrmList<Draft<PolicyObservation>> {
  private isSocket = false;
  /**
   * Applies only to some packets between its networks, such as neighbour discovery, which pluto exempts for all of
   * IPv6.
   */
  private isPartial = false;

  constructor(private readonly emit: Emit) {
    super(HEAD);
  }

  protected begin(line: SourceLine, source: string, destination: string): Draft<PolicyObservation> {
    this.isPartial = / (?:proto|sport|dport) \S/.test(line.text);
    return blank(line, source, destination);
  }

  protected finish(entry: Draft<PolicyObservation> | null): void {
    if (entry !== null && !this.isSocket && !isOfSocket(entry) && !(this.isPartial && entry.action !== 'ipsec')) this.emit(entry);
    this.isSocket = false;
  }

  protected detail(entry: Draft<PolicyObservation>, text: string): void {
    const direction = DIRECTION.exec(text);
    const template = /^tmpl src (\S{2,45}) dst (\S{2,45})/.exec(text);
    if (text.startsWith('socket ')) this.isSocket = true;
    else if (direction !== null) {
      entry.direction = direction[1] as PolicyObservation['direction'];
      entry.priority = numberOf(direction[2]);
      if (text.includes('action block')) entry.action = 'block';
      entry.line = { ...entry.line, text: shorten(`${entry.line.text.trim()} ${text}`, 300) };
    } else if (template !== null) {
      entry.action = entry.action === 'block' ? 'block' : 'ipsec';
      // In a bundle only the first template has the tunnel endpoints: IPComp, before ESP in transport mode
      if (entry.templateDestination !== null && !isUnspecified(entry.templateDestination)) return;
      entry.templateSource = template[1] ?? null;
      entry.templateDestination = template[2] ?? null;
    } else if (text.startsWith('proto ')) {
      entry.reqid = numberOf(/ reqid (\d+)/.exec(text)?.[1]);
      entry.mode = / mode (\S+)/.exec(text)?.[1] ?? null;
    } else if (text.startsWith('mark ')) entry.mark = /^mark (\S{1,30})/.exec(text)?.[1] ?? null;
    else if (text.startsWith('if_id ')) entry.interfaceId = spiOf(/^if_id (0x[0-9a-f]{1,8})/.exec(text)?.[1]);
  }
}

/**
 * Old versions of iproute2 do not mark socket policies; those that allow everything at the highest priority belong to
 * the daemon's own sockets.
 */
const isOfSocket = ({ action, priority, source, destination }: Draft<PolicyObservation>): boolean => action === 'allow' && priority === 0 && source.endsWith('/0') && destination.endsWith('/0');

function blank(line: SourceLine, source: string, destination: string): Draft<PolicyObservation> {
  return {
    type: 'policy', format: 'xfrm-policy', line, source, destination, direction: 'out', action: 'allow', priority: null,
    templateSource: null, templateDestination: null, reqid: null, mode: null, mark: null, interfaceId: null,
  };
}
