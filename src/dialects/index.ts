import type { DaemonMessage } from '../model/daemon-message.js';
import type { Daemon } from '../model/daemons.js';
import type { LogRecord } from '../model/log-record.js';
import { DAEMON_PROGRAMS, KERNEL_PROGRAMS, ROUTEROS } from '../model/programs.js';
import { hasCharonPrefix, isCharonDebug, readCharon } from './charon.js';
import { CopyMemory } from './copies.js';
import { isNumbered, readKernel } from './kernel.js';
import { hasPlutoPrefix, isPlutoDebug, isPlutoFile, readPluto } from './pluto.js';
import { hasRacoonPrefix, hasSeverity, isRacoonDebug, readRacoon } from './racoon.js';

export interface Dialects {
  /** The message without the daemon's prefix; null for copies, debug lines and text of no known daemon. */
  read(record: LogRecord): DaemonMessage | null;
}

/** Whose words a program uses, where its name tells: `ipsec` is both projects' command, and a daemon's own file names no program. */
const DAEMON_OF: ReadonlyMap<string, Daemon> = new Map<string, Daemon>([
  ...(Object.keys(DAEMON_PROGRAMS) as (keyof typeof DAEMON_PROGRAMS)[]).flatMap((daemon) => DAEMON_PROGRAMS[daemon].map((program) => [program, daemon] as const)),
  [ROUTEROS, 'racoon'],
  ...KERNEL_PROGRAMS.map((program) => [program, 'kernel'] as const),
]);

/** Programs that pass on the lines of whichever daemon runs, and most often charon. */
const RELAYED: ReadonlyMap<string, Daemon> = new Map([['NetworkManager', 'charon'], ['starter', 'charon'], ['VPN-IPSEC', 'pluto'], ['systemd', 'pluto']]);

/** A relay that passes on, late and all at once, what its client of the daemon printed: a copy where the daemon logs itself. */
const LATE_RELAY = 'NetworkManager';

/** Hosts and sources whose daemon is remembered. */
const MAX_PLACES = 10_000;

/** The message of a record of which it is known whose it is, whatever else the log says. */
export function readAs(record: LogRecord, daemon: Exclude<Daemon, 'kernel'>): DaemonMessage {
  return daemon === 'pluto' ? readPluto(record) : daemon === 'racoon' ? readRacoon(record) : readCharon(record);
}

/** Takes off the prefixes of all daemons' messages. One per run: it remembers who wrote where, and what was written. */
export function createDialects(): Dialects {
  const copies = new CopyMemory();
  const lastDaemon = new Map<string, Daemon>();
  /** Hosts whose daemon logs under its own name, and the one of them that was heard last. */
  const speaking = new Set<string>();
  let lastSpeaking: string | null = null;

  /** A name decides, else the shape; text without either is of the daemon that wrote there before. */
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
      if (copies.isTwice(record) && (daemon !== 'kernel' || isNumbered(record.message))) return null;
      if (record.program === LATE_RELAY && speaking.has(record.host)) return null;
      if (daemon === 'pluto') return isPlutoDebug(record.message) ? null : readPluto(record);
      if (daemon === 'kernel') return readKernel(record);
      if (daemon === 'racoon') return isRacoonDebug(record.message) ? null : readRacoon(record);
      const message = readCharon(record);
      return isCharonDebug(message.text) || copies.isCopy(message) ? null : message;
    },
  };
}

/** What the text says about itself. Lines about a daemon, by a start script or the logging service, count as its own. */
function shapeOf(message: string): Daemon | undefined {
  if (hasCharonPrefix(message) || /charon|strongswan/i.test(message)) return 'charon';
  if (hasPlutoPrefix(message) || /pluto|libreswan|openswan/i.test(message)) return 'pluto';
  return hasRacoonPrefix(message) ? 'racoon' : undefined;
}
