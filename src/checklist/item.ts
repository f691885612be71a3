import type { Daemon } from '../model/daemons.js';
import type { CheckCommand, CheckStage } from '../model/checklist.js';
import type { EventKind } from '../model/event-kinds.js';
import type { FactName } from '../model/facts.js';
import type { ConfirmationName } from './confirmations.js';

/** One question of the checklist: what would confirm or refute it, and what to run where nothing does. */
export interface CheckItem {
  /** Stable: programs refer to it. */
  readonly id: string;
  readonly stage: CheckStage;
  readonly question: string;
  /** Each of them confirms it. */
  readonly good: readonly ConfirmationName[];
  /** Refuted by the first failure or a status output of these kinds; `failing`: by whatever failure its own SA has. */
  readonly wrong: readonly EventKind[] | 'failing';
  /** Also refuted where not one packet of the peer is seen in an attempt that was sent again and given up, or still is. */
  readonly refutedBy?: 'silence';
  /** First failures that have to do with it and leave it open. */
  readonly open: readonly EventKind[];
  readonly commands: readonly CommandTemplate[];
}

/** Placeholders as in the remedies of causes; by daemon where it differs, and left out for a daemon that has no such command. */
export interface CommandTemplate {
  readonly side: CheckCommand['side'];
  readonly tells: string;
  /** Left out where this is known. */
  readonly unless?: FactName;
  readonly command: string | Partial<Record<Daemon, string>> | null;
}
