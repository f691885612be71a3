import { install, type DaemonName } from './install.js';
import type { Pair } from './matrix.js';
import { makePki } from './pki.js';

/** Chroots and certificates, which the virtual machine only reads. */
export function prepare(pairs: readonly Pair[]): void {
  new Set<DaemonName>(['ss598', ...pairs.flatMap(({ west, east }) => [west, east])]).forEach(install);
  makePki();
}
