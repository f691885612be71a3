import type { Link } from '../../model/attempt.js';
import type { Event } from '../../model/event.js';
import { isAbandoned } from './security-association.js';
import type { SecurityAssociation } from './security-association.js';
import { isCookieAsked } from './untagged-packets.js';

/** What a charon thread is processing: a job handles one packet of one SA without interruption. */
export interface Job {
  sa: SecurityAssociation | null;
  link: Link;
  others: readonly SecurityAssociation[];
  /** The job has sent its packet; further lines without a number probably belong to another job. */
  done: boolean;
  /** Lines waiting for one that identifies the SA. */
  waiting: Event[];
  /** A line among or before them that is not understood. */
  unread: Event | null;
  /** How this side authenticates, which is logged directly before the Child SA that it requests with it. */
  own: Event | null;
}

const NOBODY: readonly SecurityAssociation[] = [];
/** Lines about an existing SA, logged by the thread that works on its successor. */
const ABOUT_OLDER = new Set(['ike.replaced_by_duplicate', 'lifecycle.peer_restarted']);

/** The state of a thread about which nothing is known yet; null if the log names no threads. */
export function idleJob(thread: string | null): Job {
  return { sa: null, link: thread === null ? 'adjacent' : 'thread', others: NOBODY, done: false, waiting: [], unread: null, own: null };
}

/** How certain it is that a line belongs to its thread's job. */
export function linkOf({ message }: Pick<Event, 'message'>): Link {
  return message.thread === null ? 'adjacent' : 'thread';
}

/** The thread works on this SA from now on; `others`: SAs that it may be working on instead. */
export function workOn(job: Job, sa: SecurityAssociation, link: Link, others: readonly SecurityAssociation[] = NOBODY, done = false): void {
  job.sa = sa;
  job.link = link;
  job.others = others;
  job.done = done;
}

/**
 * "IKE_SA deleted" names no SA and repeats what a numbered line has said; a reauthentication logs it when the new SA is
 * already in progress.
 */
export function isSaidBefore({ sa }: Job, event: Event): boolean {
  return (event.kind === 'ike.deleted' && sa?.gone !== true && !isAbandoned(event)) || ABOUT_OLDER.has(event.kind) || isCookieAsked(event);
}
