import type { AttemptInProgress } from './attempt-in-progress.js';
import type { SecurityAssociation } from './security-association.js';

/** How often a peer has to bring up the same tunnel: twice may be a restart. More often where it takes its time, as somebody may who tries things out. */
const TIMES = 3;
const TIMES_IF_SLOW = 5;
/** Milliseconds from a tunnel that came up to the next one that are soon. */
const SOON = 60_000;
/** A tunnel that stands for so long serves its peer: pluto tries again after five minutes at the latest. */
const SERVES = 360_000;
/** Peers that come up once are remembered for as long as that; of more than so many, the first are forgotten. */
const MAX_PEERS = 4_096;

/** How an SA ends that its peer has known. */
const USED: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'auth.rejected_by_peer', 'auth.rejected_by_peer_ikev1', 'lifecycle.terminated_by_operator']);

/** Where pluto or racoon deletes an SA, the peer may have asked for it: they do not log that. charon does, and deletes duplicates by itself. */
const ENDED: ReadonlySet<string> = new Set(['ike.deleting', 'ike.deleted']);

/** The tunnels that one peer brought up one after the other without having used any of them. */
interface Series {
  readonly first: AttemptInProgress;
  former: SecurityAssociation | null;
  latest: SecurityAssociation;
  up: number;
  times: number;
  isSlow: boolean;
  /** It is told as a failure. */
  isTold: boolean;
}

/** An attempt that turns out to have come to nothing, and one that it stands for from now on. */
export interface InVain {
  readonly attempt: AttemptInProgress;
  readonly another: AttemptInProgress | null;
}

/**
 * Peers that negotiate with success, by the words of the responder, and begin anew soon after without having used the SAs or deleted them: to
 * them, the tunnel never came up. Libreswan, for one, drops a negotiation without a word when it does not accept the responder's certificate.
 */
export class UpInVain {
  private readonly byPeer = new Map<string, Series>();
  private readonly told = new Set<Series>();

  /** An IKE SA has come up. Returns the attempt that is to be told as failed, and once more for each that follows. */
  comesUp(sa: SecurityAssociation): InVain | null {
    const { ike, ikeUp: up } = sa;
    if (ike === null || up === null || !isSiteToSite(ike) || (sa.peerAddress === null && sa.peerId === undefined)) return null;
    const key = `${sa.name} ${sa.peerAddress} ${sa.peerId}`;
    const series = this.byPeer.get(key);
    if (series === undefined || !goesOn(series, ike)) {
      if (series?.isTold !== true) this.begin(key, { first: ike, former: null, latest: sa, up, times: 1, isSlow: false, isTold: false });
      return null;
    }
    series.isSlow ||= up - series.up > SOON;
    const past = series.latest.ike;
    Object.assign(series, { former: series.latest, latest: sa, up, times: series.times + 1 });
    return this.judge(series, past);
  }

  /** The attempts that stood for tunnels in vain, where the latest tunnel serves its peer by now (`time`: epoch milliseconds). */
  takeServing(time: number): SecurityAssociation[] {
    const serving: SecurityAssociation[] = [];
    for (const series of this.told) {
      if (time - series.up < SERVES && isUnused(series.latest)) continue;
      series.first.supersede(time);
      this.told.delete(series);
      serving.push(series.latest);
    }
    return serving;
  }

  /** Forgets those that came up long ago. */
  tidy(time: number): void {
    for (const [key, { up, isTold }] of this.byPeer) if (!isTold && time - up >= SERVES) this.byPeer.delete(key);
  }

  private begin(key: string, series: Series): void {
    this.byPeer.delete(key);
    this.byPeer.set(key, series);
    if (this.byPeer.size <= MAX_PEERS) return;
    const [oldest] = this.byPeer.keys();
    if (oldest !== undefined) this.byPeer.delete(oldest);
  }

  private judge(series: Series, past: AttemptInProgress | null): InVain | null {
    const { first, times, isSlow } = series;
    if (times < (isSlow ? TIMES_IF_SLOW : TIMES) || first.folded) return null;
    if (!series.isTold && !first.cameToNothing('observed.ike_unused')) return null;
    this.told.add(series);
    series.isTold = true;
    first.repeats = times;
    first.lastRepeat = series.up;
    return { attempt: first, another: past === first ? null : past };
  }
}

/** A client of remote access, which is given an address, comes and goes as it likes. */
function isSiteToSite({ role, purpose, fields }: AttemptInProgress): boolean {
  return role === 'responder' && purpose === 'create' && fields['virtual.ip'] === undefined;
}

/** Is this one more tunnel of the same kind in the place of one that was never used? */
function goesOn({ former, latest, up }: Series, { started }: AttemptInProgress): boolean {
  const since = started === null ? -1 : started - up;
  return since >= 0 && since < SERVES && isUnused(latest) && (former === null || (isUnused(former) && isSameTunnel(former, latest)));
}

function isUnused({ ike, child, latestChild, upkeep, isUsed }: SecurityAssociation): boolean {
  const made = child ?? latestChild?.child ?? null;
  if (isUsed || (made !== null && ike?.exchange.startsWith('ikev1') === true)) return false;
  return !(Number(made?.fields['bytes.in'] ?? 0) > 0) && upkeep?.tells(USED) !== true
    && (ike?.daemon === 'charon' || (ike?.tells(ENDED) !== true && upkeep?.tells(ENDED) !== true));
}

/** A peer may have several tunnels with one connection, each under an IKE SA of its own. */
function isSameTunnel(one: SecurityAssociation, other: SecurityAssociation): boolean {
  const [a, b] = [one, other].map(({ child, latestChild }) => (child ?? latestChild?.child)?.fields);
  return a?.['ts.local'] === b?.['ts.local'] && a?.['ts.remote'] === b?.['ts.remote'];
}
