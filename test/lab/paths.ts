import { join, resolve } from 'node:path';

/** Where chroots, running hosts and raw captures live. */
export const LAB_ROOT = resolve(process.env['LAB_ROOT'] ?? '/var/lib/ipsec-logwatch-lab');

/** How much the daemons log, as charon counts it: 1 is what they are shipped with, 2 what people are asked for; pluto knows only that and all. */
export const LOG_LEVEL = Number(process.env['LAB_LOG_LEVEL'] ?? 1);
export const AS_SHIPPED = 1;

export const rootOf = (name: string): string => join(LAB_ROOT, 'roots', name);

/** Captures of each level have a folder of their own. */
export const CAPTURES = join(LAB_ROOT, LOG_LEVEL === AS_SHIPPED ? 'captures' : `captures-level${LOG_LEVEL}`);
export const captureOf = (scenario: string, pair: string): string => join(CAPTURES, scenario, pair);
