import type { Side } from './cause.js';
import type { SourceLine } from './source-line.js';

/** The three parts of the classic order of debugging IPsec. */
export const CHECK_STAGES = {
  'phase-1': { title: 'Phase 1: the IKE SA' },
  'phase-2': { title: 'Phase 2: the Child SA' },
  traffic: { title: 'Traffic through the tunnel' },
} as const;

export type CheckStage = keyof typeof CHECK_STAGES;

/** Answers to a question of the checklist: confirmed, refuted, or not to be told from what was read. */
export const VERDICTS = ['good', 'wrong', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Something to run or to look at, with this tunnel's own addresses and names filled in. */
export interface CheckCommand {
  readonly side: Exclude<Side, 'unknown'>;
  /** What the output tells. */
  readonly tells: string;
  readonly command: string | null;
}

/** One question of the checklist, answered for one connection. */
export interface CheckAnswer {
  readonly item: string;
  readonly stage: CheckStage;
  readonly question: string;
  readonly verdict: Verdict;
  /** What the evidence says, or why there is none. */
  readonly says: string;
  /** The line behind the verdict; null where no single line is, or where it is no longer kept. */
  readonly evidence: { readonly line: SourceLine; readonly time: number | null; readonly text: string } | null;
  /** What would answer it; empty where it is confirmed. */
  readonly commands: readonly CheckCommand[];
}
