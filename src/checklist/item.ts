import type { CheckCommand, CheckStage } from '../model/checklist.js';
import type { Daemon } from '../model/daemons.js';
import type { EventKind } from '../model/event-kinds.js';
import type { FactName } from '../model/facts.js';
import type { ConfirmationName } from './confirmations.js';

/** One question of the checklist: what confirms it, what refutes it, and what to run if neither is known. */
export interface CheckItem {
  /** Stable: programs refer to it. */
  readonly id: string;
  readonly stage: CheckStage;
  readonly question: string;
  /** Any one of these confirms it. */
  readonly good: readonly ConfirmationName[];
  /** Refuted by a first failure or observed problem of these kinds; `failing`: by any failure of its SA. */
  readonly wrong: readonly EventKind[] | 'failing';
  /** Also refuted if an attempt that retransmitted, and timed out or is stalled, shows no packet from the peer. */
  readonly refutedBy?: 'silence';
  /** First failures that concern it but leave it undecided. */
  readonly open: readonly EventKind[];
  readonly commands: readonly CommandTemplate[];
}

/**
 * Placeholders as in the remedies of causes. `command` may differ by daemon; the command is omitted for daemons without
 * one.
 */
export interface CommandTemplate {
  readonly side: CheckCommand['side'];
  readonly tells: string;
  /** Omitted if this fact is known. */
  readonly unless?: FactName;
  /** Only sends to the peer's log, which knows nothing more about what was refused here. */
  readonly readsPeerLog?: true;
  readonly command: string | Partial<Record<Daemon, string>> | null;
}
