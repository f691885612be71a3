import { install, type DaemonName } from './install.js';
import type { Pair } from './matrix.js';
import { makePki } from './pki.js';

/** Creates the chroots and certificates, which the virtual machine only reads. */
export function prepare(pairs: readonly Pair[]): void {
  new Set<DaemonName>(['ss598', ...pairs.flatMap(({ west, east }) => [west, east])]).forEach(install);
  makePki();
}
