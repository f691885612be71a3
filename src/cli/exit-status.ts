/** Exit statuses, for scripts. */
export const STATUS = {
  /** Ran, and nothing is failing. */
  healthy: 0,
  /** Ran, and something is failing. */
  failing: 1,
  /** Could not run, or found no failure but did not read everything: a bad option, input or rule file. */
  notRun: 2,
} as const;
