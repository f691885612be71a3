import type { SecurityAssociation } from '../associations/security-association.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';

/**
 * How often a peer must bring up the same tunnel: two may be a restart. More if it is slow, which may be somebody
 * experimenting.
 */
const TIMES = 3;
const TIMES_IF_SLOW = 5;
/** Maximum milliseconds from one tunnel coming up to the next that count as soon. */
const SOON = 60_000;
/** A tunnel that lasts this long (milliseconds) serves its peer: pluto retries after five minutes at the latest. */
const SERVES = 360_000;
/** Limit on remembered peers, kept for as long as SERVES; beyond it, the oldest are forgotten. */
const MAX_PEERS = 4_096;

/** Ends of an SA which show that the peer considered it up. */
const USED: ReadonlySet<string> = new Set(['ike.deleted_by_peer', 'auth.rejected_by_peer', 'auth.rejected_by_peer_ikev1', 'lifecycle.terminated_by_operator']);

/**
 * pluto and racoon may delete an SA on the peer's request without logging that. charon logs requests, and deletes
 * duplicates by itself.
 */
const ENDED: ReadonlySet<string> = new Set(['ike.deleting', 'ike.deleted']);

/** Consecutive tunnels brought up by one peer without any of them being used. */
interface Series {
  readonly first: AttemptInProgress;
  former: SecurityAssociation | null;
  latest: SecurityAssociation;
  up: number;
  times: number;
  isSlow: boolean;
  /** It was reported as a failure. */
  isTold: boolean;
}

/** An attempt that came up in vain, and one that it now stands for. */
export interface UnusedTunnel {
  readonly attempt: AttemptInProgress;
  readonly another: AttemptInProgress | null;
}

/**
 * Peers that, in the responder's view, negotiate successfully, but start over soon after without having used or deleted
 * the SAs: for them the tunnel never came up. Libreswan, for example, silently drops a negotiation if it rejects the
 * responder's certificate.
 */
export class UnusedTunnels {
  private readonly byPeer = new Map<string, Series>();
  private readonly told = new Set<Series>();

  /**
   * An IKE SA has come up. Returns the attempt to report as failed, once for the series and again for each repetition.
   */
  comesUp(sa: SecurityAssociation): UnusedTunnel | null {
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

  /**
   * The latest SAs of reported series that now serve their peers (`time`: epoch milliseconds); their failures are
   * superseded.
   */
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

  /** Forgets series that came up long ago. */
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

  private judge(series: Series, past: AttemptInProgress | null): UnusedTunnel | null {
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

/** Excludes remote access clients, which are given an address and may come and go. */
function isSiteToSite({ role, purpose, fields }: AttemptInProgress): boolean {
  return role === 'responder' && purpose === 'create' && fields['virtual.ip'] === undefined;
}

/** Is this another tunnel of the same kind, replacing one that was never used? */
function goesOn({ former, latest, up }: Series, { started }: AttemptInProgress): boolean {
  const since = started === null ? -1 : started - up;
  return since >= 0 && since < SERVES && isUnused(latest) && (former === null || (isUnused(former) && isSameTunnel(former, latest)));
}

/** In IKEv1 a Child SA is requested only once the IKE SA is up for the peer too; in IKEv2 the first one is part of it. */
function isUnused({ ike, child, latestChild, upkeep, isUsed }: SecurityAssociation): boolean {
  const made = child ?? latestChild?.child ?? null;
  if (isUsed || (made !== null && ike?.exchange.startsWith('ikev1') === true)) return false;
  return !(Number(made?.fields['bytes.in'] ?? 0) > 0) && upkeep?.tells(USED) !== true
    && (ike?.daemon === 'charon' || (ike?.tells(ENDED) !== true && upkeep?.tells(ENDED) !== true));
}

/** A peer may have several tunnels with one connection, each under its own IKE SA. */
function isSameTunnel(one: SecurityAssociation, other: SecurityAssociation): boolean {
  const [a, b] = [one, other].map(({ child, latestChild }) => (child ?? latestChild?.child)?.fields);
  return a?.['ts.local'] === b?.['ts.local'] && a?.['ts.remote'] === b?.['ts.remote'];
}
