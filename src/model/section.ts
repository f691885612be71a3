import type { SourceLine } from './source-line.js';

/** A part of a source that is not a log: command output, or a file quoted in a support bundle. */
export interface Section {
  /** As in {@link SourceLine.source}. */
  readonly source: string;
  /** Name given by the container, such as `ip-xfrm-state` and `ipsec/status` in `ipsec barf`. */
  readonly name: string;
  /**
   * Lines as in the source, with their numbers there; begins with the head (`+ ____ ip-xfrm-state`) and the echo of the
   * command (`+ ip xfrm state`).
   */
  readonly lines: readonly SourceLine[];
  /** Lines omitted at the end because the section is too long. */
  readonly omitted: number;
}
