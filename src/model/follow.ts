import type { Happening } from './change.js';
import type { Problem } from './problem.js';

/** A position between two lines of a log file: the number of bytes and lines before it. */
export interface Place {
  readonly offset: number;
  readonly lines: number;
}

/** Identifies a file under any name: a renamed one by its inode, a copied or packed one by its first bytes. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
  /** SHA-256 of the first `bytes` bytes (unpacked), all of which had been read. */
  readonly head: { readonly bytes: number; readonly hash: string };
}

/** One file of a followed log, and the relevant part of it. */
export interface PartPlaces extends FileIdentity {
  /** Where to start re-reading, so that everything in progress is understood. */
  readonly from: Place;
  /** Everything before this position has been reported. */
  readonly to: Place;
}

/** Where following a path can resume; the parts are the files that the path named over time, oldest first. */
export interface LogPlaces {
  readonly path: string;
  readonly parts: readonly PartPlaces[];
}

/**
 * Determines where to resume. `isThorough`: excludes what is finished by now, which requires a look at every
 * connection.
 */
export type FindPlaces = (isThorough: boolean) => readonly LogPlaces[];

/** Settings of a run that follows its inputs. */
export interface FollowSettings {
  /**
   * Where an earlier run stopped and when (Unix milliseconds), and what it had reported as failing: `<key of the
   * connection>|<subject>`.
   */
  readonly resume: { readonly logs: readonly LogPlaces[]; readonly written: number; readonly failing: Iterable<string> } | null;
  /** Called for changes that follow from re-read lines: the earlier run reported them. */
  readonly onReplayed: (happening: Happening) => void;
  /** Called when everything read so far has been reported. */
  readonly onTold: (places: FindPlaces) => void;
  /** Called at the end, before open attempts are closed for the summary. */
  readonly onEnd: (places: FindPlaces) => void;
  /** Called once, when the initial contents of the logs have been read. */
  readonly onCaughtUp: () => void;
  /** Called if a file cannot be read for now. */
  readonly onProblem: (problem: Problem) => void;
}
