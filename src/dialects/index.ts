import type { DaemonMessage } from '../model/daemon-message.js';
import type { Daemon } from '../model/daemons.js';
import type { LogRecord } from '../model/log-record.js';
import { DAEMON_PROGRAMS, KERNEL_PROGRAMS, SEALED_PROGRAMS } from '../model/programs.js';
import { hasCharonPrefix, isCharonDebug, readCharon } from './charon.js';
import { DuplicateLines } from './duplicate-lines.js';
import { isNumbered, readKernel } from './kernel.js';
import { hasPlutoPrefix, isPlutoDebug, isPlutoFile, readPluto } from './pluto.js';
import { hasRacoonPrefix, hasSeverity, isRacoonDebug, readRacoon } from './racoon.js';

export interface Dialects {
  /** The message without the daemon's prefix; null for copies, debug lines and text from no known daemon. */
  read(record: LogRecord): DaemonMessage | null;
}

/**
 * The daemon whose messages a program writes, if its name is conclusive: `ipsec` is a command of both projects, and a
 * daemon's own file names no program.
 */
const DAEMON_OF: ReadonlyMap<string, Daemon> = new Map<string, Daemon>([
  ...(Object.keys(DAEMON_PROGRAMS) as (keyof typeof DAEMON_PROGRAMS)[]).flatMap((daemon) => DAEMON_PROGRAMS[daemon].map((program) => [program, daemon] as const)),
  ...Object.entries(SEALED_PROGRAMS),
  ...KERNEL_PROGRAMS.map((program) => [program, 'kernel'] as const),
]);

/** Programs that relay the lines of whichever daemon runs, with the most likely one. */
const RELAYED: ReadonlyMap<string, Daemon> = new Map([['NetworkManager', 'charon'], ['starter', 'charon'], ['VPN-IPSEC', 'pluto'], ['systemd', 'pluto']]);

/**
 * A relay that passes on its client's output late and all at once; if the daemon logs itself, these lines are duplicates.
 */
const LATE_RELAY = 'NetworkManager';

/** Limit on hosts and sources whose daemon is remembered. */
const MAX_PLACES = 10_000;

/** The message of a record whose daemon is known, whatever the rest of the log suggests. */
export function readAs(record: LogRecord, daemon: Exclude<Daemon, 'kernel'>): DaemonMessage {
  return daemon === 'pluto' ? readPluto(record) : daemon === 'racoon' ? readRacoon(record) : readCharon(record);
}

/**
 * Removes the prefixes of all daemons' messages. Create one per run: it remembers which daemon writes where, and recent
 * messages.
 */
export function createDialects(): Dialects {
  const duplicates = new DuplicateLines();
  const lastDaemon = new Map<string, Daemon>();
  /** Hosts whose daemon logs under its own name, and the last one of them seen. */
  const speaking = new Set<string>();
  let lastSpeaking: string | null = null;

  /** Decides by program name, otherwise by form; text without either belongs to the daemon that last wrote there. */
  const findDaemon = (record: LogRecord): Daemon | undefined => {
    const place = record.program === '' ? record.line.source : record.host;
    const named = DAEMON_OF.get(record.program);
    const daemon = named ?? shapeOf(record.message);
    if (named !== undefined && named !== 'kernel' && record.host !== lastSpeaking) {
      lastSpeaking = record.host;
      if (speaking.size < MAX_PLACES) speaking.add(record.host);
    }
    if (daemon === undefined) return lastDaemon.get(place) ?? RELAYED.get(record.program) ?? (isPlutoFile(record) ? 'pluto' : record.program === '' && hasSeverity(record.message) ? 'racoon' : undefined);
    if (lastDaemon.get(place) === daemon || daemon === 'kernel') return daemon;
    if (lastDaemon.size >= MAX_PLACES) lastDaemon.clear();
    lastDaemon.set(place, daemon);
    return daemon;
  };

  return {
    read(record) {
      const daemon = findDaemon(record);
      if (daemon === undefined) return null;
      if (duplicates.isTwice(record) && (daemon !== 'kernel' || isNumbered(record.message))) return null;
      if (record.program === LATE_RELAY && speaking.has(record.host)) return null;
      if (daemon === 'pluto') return isPlutoDebug(record.message) ? null : readPluto(record);
      if (daemon === 'kernel') return readKernel(record);
      if (daemon === 'racoon') return isRacoonDebug(record.message) ? null : readRacoon(record);
      const message = readCharon(record);
      return isCharonDebug(message.text) || duplicates.isCopy(message) ? null : message;
    },
  };
}

/**
 * The daemon indicated by the text. Lines about a daemon from a start script or the logging service count as its own.
 */
function shapeOf(message: string): Daemon | undefined {
  if (hasCharonPrefix(message)) return 'charon';
  if (hasPlutoPrefix(message)) return 'pluto';
  // Below a prefix, the other daemon's name may be part of a certificate's subject.
  if (/charon|strongswan/i.test(message)) return 'charon';
  if (/pluto|libreswan|openswan|nss database|certutil: /i.test(message)) return 'pluto';
  return hasRacoonPrefix(message) ? 'racoon' : undefined;
}
