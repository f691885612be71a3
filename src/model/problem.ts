/** A problem with data written by people (rule files, case files) or with an input. Never thrown by itself. */
export interface Problem {
  /** `error`: something that was asked for could not be read, or not completely. */
  readonly level: 'error' | 'warning';
  /** Name of the check, e.g. `capture-swallows-literal`. */
  readonly check: string;
  /** What is wrong: `Expected ...`, `Unknown ...`, `Duplicate ...`, `Missing ...`. */
  readonly message: string;
  readonly where: { readonly file: string; readonly line: number | null } | null;
  /** One sentence: what to do. */
  readonly help: string;
}

/** Incorrect usage: an option, file or rule that prevents the run. Caught in cli/main.ts, exit status 2. */
export class UsageError extends Error {
  constructor(message: string, readonly problems: readonly Problem[] = []) {
    super(message);
    this.name = 'UsageError';
  }
}
