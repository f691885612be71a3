import type { Link } from '../model/attempt.js';
import type { Event } from '../model/event.js';
import type { SecurityAssociation } from './security-association.js';

/** What a thread of charon is busy with: one job handles one packet of one SA without interruption. */
export interface Job {
  sa: SecurityAssociation | null;
  link: Link;
  others: readonly SecurityAssociation[];
  /** The job sent its packet; what follows without a number probably belongs to another one. */
  done: boolean;
  /** Lines that wait for one that tells whose they are. */
  waiting: Event[];
  /** A line among them, or before them, that nothing understands. */
  unread: Event | null;
}

const NOBODY: readonly SecurityAssociation[] = [];

/** A thread of which nothing is known yet; null where the log names none. */
export function idleJob(thread: string | null): Job {
  return { sa: null, link: thread === null ? 'adjacent' : 'thread', others: NOBODY, done: false, waiting: [], unread: null };
}

/** How sure it is that a line is of the job that its thread does. */
export function linkOf({ message }: Pick<Event, 'message'>): Link {
  return message.thread === null ? 'adjacent' : 'thread';
}
