/** What daemons say when something goes wrong, whatever it is. */
export const speaksOfFailure = (text: string): boolean => /\b(?:fail|error|unable|cannot|could not|can't|refus|reject|invalid|abort|denied|mismatch|timed out|giving up|unacceptable|unreachable)/i.test(text);
