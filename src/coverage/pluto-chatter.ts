import type { DaemonMessage } from '../model/daemon-message.js';

/** Empty, or nothing but an address. */
const WORDLESS = /^\s*(?:[\da-f]{1,4}[.:][\da-f.:]{2,40})?\s*$/;

/**
 * Is it a pluto message without words? Addresses listed below an interface name (strongSwan 4), empty lines of the
 * status dumped when it dies (Openswan).
 */
export function isPlutoChatter({ daemon, text }: DaemonMessage): boolean {
  return daemon === 'pluto' && text.length < 60 && WORDLESS.test(text);
}
