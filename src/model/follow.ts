import type { Happening } from './change.js';
import type { Problem } from './problem.js';

/** A place between two lines of a log file: the bytes and the lines before it. */
export interface Place {
  readonly offset: number;
  readonly lines: number;
}

/** What tells a file apart whatever its name is now: a renamed one by its inode, a copied or packed one by its first bytes. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
  /** SHA-256 of the first `bytes` bytes (unpacked), none of which had not been read. */
  readonly head: { readonly bytes: number; readonly hash: string };
}

/** One file that a followed log was in, and which stretch of it matters. */
export interface PartPlaces extends FileIdentity {
  /** Where to begin reading again, so that all that is still under way is understood. */
  readonly from: Place;
  /** Up to here everything has been told. */
  readonly to: Place;
}

/** Where a follower of one path can resume; its parts, oldest first, are what the path named one after the other. */
export interface LogPlaces {
  readonly path: string;
  readonly parts: readonly PartPlaces[];
}

/** Looks up where to resume. Thorough: what is over by now is left out, which takes a look at every connection. */
export type FindPlaces = (isThorough: boolean) => readonly LogPlaces[];

/** How a run follows its inputs. */
export interface FollowSettings {
  /** Where an earlier run left off and when (Unix milliseconds), and what it had told as failing: `<key of the connection>|<subject>`. */
  readonly resume: { readonly logs: readonly LogPlaces[]; readonly written: number; readonly failing: Iterable<string> } | null;
  /** Called for what follows from lines that an earlier run had read: it has told this. */
  readonly onReplayed: (happening: Happening) => void;
  /** Called when what was read has been told. */
  readonly onTold: (places: FindPlaces) => void;
  /** Called at the end, before what is still open is closed for the summary. */
  readonly onEnd: (places: FindPlaces) => void;
  /** Called once, when what was there at the start has been read. */
  readonly onCaughtUp: () => void;
  /** Something keeps a file from being read at present. */
  readonly onProblem: (problem: Problem) => void;
}
