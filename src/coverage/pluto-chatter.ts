import type { DaemonMessage } from '../model/daemon-message.js';

/** Nothing, or an address and nothing else. */
const WORDLESS = /^\s*(?:[\da-f]{1,4}[.:][\da-f.:]{2,40})?\s*$/;

/** Does a message of pluto have no words? The addresses below an interface's name (strongSwan 4), empty lines of the status that it writes when it dies (Openswan). */
export function isPlutoChatter({ daemon, text }: DaemonMessage): boolean {
  return daemon === 'pluto' && text.length < 60 && WORDLESS.test(text);
}
