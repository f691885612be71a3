import type { SourceLine } from './source-line.js';

/** A part of a source that is no log: what a command printed, or a file that a support bundle quotes. */
export interface Section {
  /** As in {@link SourceLine.source}. */
  readonly source: string;
  /** What the container calls it, such as `ip-xfrm-state` and `ipsec/status` in `ipsec barf`. */
  readonly name: string;
  /** As they stand in the source, with their numbers there; the head (`+ ____ ip-xfrm-state`) and the echo of the command (`+ ip xfrm state`) come first. */
  readonly lines: readonly SourceLine[];
  /** Lines at the end that were left out because the section is too long. */
  readonly omitted: number;
}
