import type { AskPeer, Remedy } from '../model/cause.js';
import type { Facts } from '../model/facts.js';
import type { PeerProduct } from '../model/product.js';
import type { AskedText, FilledRemedy } from '../model/report.js';
import { fillCommand, fillProse } from './fill.js';
import { isSpoken } from './spoken.js';

/**
 * What to look for in the peer's log: in its product's words if that is known, otherwise in those of any daemon.
 * `asks`: null if that log has nothing to add.
 */
export function askedTexts(cause: string, asks: readonly AskPeer[] | null, peer: PeerProduct | null, facts: Facts): AskedText[] {
  if (asks === null) return [];
  const spoken = asks.filter((ask) => isSpoken(ask, facts));
  if (peer === null) return spoken;
  const { product } = peer;
  const own = product.texts.filter((text) => text.causes.includes(cause) && isSpoken(text, facts));
  return [...own.map(({ grep, means }) => ({ for: product.id, grep, means })), ...spoken.filter((ask) => ask.for === product.daemon)];
}

/**
 * Advice with the way to the log of the peer's product before whatever else is to be done there, in place of remedies
 * that only send the reader to it, and without commands that its product does not have. `toLog`: is that log of use?
 */
export function withPeerLog(remedies: readonly Remedy[], peer: PeerProduct | null, toLog: boolean, facts: Facts): FilledRemedy[] {
  const step = peer?.product.logs.find((log) => isSpoken(log, facts));
  const isForeign = peer !== null && !peer.product.shell;
  const fill = ({ side, for: daemon, do: action, command }: Remedy): FilledRemedy => ({
    side,
    for: daemon,
    do: fillProse(action, facts),
    command: command === undefined || (isForeign && side === 'peer') ? null : fillCommand(command, facts),
  });
  if (peer === null || step === undefined || !(toLog || remedies.some(({ readsPeerLog }) => readsPeerLog === true))) return remedies.map(fill);
  const others = remedies.filter(({ readsPeerLog }) => readsPeerLog !== true);
  const first = remedies.findIndex(({ side }) => side === 'peer');
  const known = peer.by === 'vendor-id' ? `{peer.address} ${peer.product.is}, by its vendor ID. ` : '';
  const log: FilledRemedy = { side: 'peer', for: 'any', do: fillProse(`${known}${step.do}`, facts), command: step.command ?? null };
  const at = first < 0 ? others.length : first;
  return [...others.slice(0, at).map(fill), log, ...others.slice(at).map(fill)];
}
