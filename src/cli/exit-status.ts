/** What the exit status tells a script. */
export const STATUS = {
  /** Ran; nothing fails now. */
  healthy: 0,
  /** Ran; something fails. */
  failing: 1,
  /** Could not run, or found nothing that fails without having read all inputs to their ends: an option, an input or a rule file. */
  notRun: 2,
} as const;
