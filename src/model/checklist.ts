import type { Side } from './cause.js';
import type { SourceLine } from './source-line.js';

/** The three stages in which IPsec is classically debugged. */
export const CHECK_STAGES = {
  'phase-1': { title: 'Phase 1: the IKE SA' },
  'phase-2': { title: 'Phase 2: the Child SA' },
  traffic: { title: 'Traffic through the tunnel' },
} as const;

export type CheckStage = keyof typeof CHECK_STAGES;

/** Answers to a question: confirmed, refuted, or undecidable from the input. */
export const VERDICTS = ['good', 'wrong', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Something to run or to look at, filled with values of this tunnel. */
export interface CheckCommand {
  readonly side: Exclude<Side, 'unknown'>;
  /** What the output shows. */
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
  /** The line behind the verdict; null if there is no single line, or it is no longer kept. */
  readonly evidence: { readonly line: SourceLine; readonly time: number | null; readonly text: string } | null;
  /** Commands that would answer it; empty if confirmed. */
  readonly commands: readonly CheckCommand[];
}
