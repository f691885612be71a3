import { join, resolve } from 'node:path';
/** Where chroots, running hosts and raw captures live. */
export const LAB_ROOT = resolve(process.env['LAB_ROOT'] ?? '/var/lib/ipsec-logwatch-lab');
export const rootOf = (name) => join(LAB_ROOT, 'roots', name);
export const captureOf = (scenario, pair) => join(LAB_ROOT, 'captures', scenario, pair);
