import { join, resolve } from 'node:path';

/** Location of chroots, running hosts and raw captures. */
export const LAB_ROOT = resolve(process.env['LAB_ROOT'] ?? '/var/lib/ipsec-logwatch-lab');

/**
 * Log level of the daemons in charon's terms: 1 is the default, 2 is what users are commonly asked for. pluto only has
 * the default and everything.
 */
export const LOG_LEVEL = Number(process.env['LAB_LOG_LEVEL'] ?? 1);
export const AS_SHIPPED = 1;

export const rootOf = (name: string): string => join(LAB_ROOT, 'roots', name);

/** Captures of each log level have a folder of their own. */
export const CAPTURES = join(LAB_ROOT, LOG_LEVEL === AS_SHIPPED ? 'captures' : `captures-level${LOG_LEVEL}`);
export const captureOf = (scenario: string, pair: string): string => join(CAPTURES, scenario, pair);
