import type { Daemon } from '../model/daemons.js';
import { ROUTEROS, SEALED_PROGRAMS } from '../model/programs.js';
import type { FilledRemedy } from '../model/report.js';

/** A device that logs a daemon's messages, but has settings of its own and no shell. */
export type Device = typeof ROUTEROS | 'sealed';

/** Whose settings and commands apply here. */
export type Settings = Daemon | Device;

const HOST = String.raw`(?:'?(<[^'>]+>)'?|([^\s']+))`;

/** Equivalents on the command line of RouterOS: compare its manual on Packet Sniffer, Ping, IPsec and Firewall. */
const EQUIVALENTS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(String.raw`^tcpdump -\w+ any 'host ${HOST} and .*'$`), '/tool sniffer quick ip-address=$1$2'],
  [new RegExp(String.raw`^ping -c \d+ ${HOST}$`), '/ping $1$2 count=3'],
  [new RegExp(String.raw`^ping -M do -s \d+ -c \d+ ${HOST}$`), '/ping $1$2 size=1400 do-not-fragment count=3'],
  [new RegExp(String.raw`^traceroute -n ${HOST}$`), '/tool traceroute $1$2'],
  [/^ip route get .*$/, '/ip route print'],
  [/^ip (?:-\w+ )?address(?: show)?$/, '/ip address print'],
  [/^(?:nft list ruleset; )?iptables -vnL(?: INPUT| OUTPUT| FORWARD)?$/, '/ip firewall filter print stats'],
  [/^iptables -t nat -(?:vnL POSTROUTING|L POSTROUTING -n -v)$/, '/ip firewall nat print stats'],
  [/^date -u$/, '/system clock print'],
];

/** The device that logs under this program name; null if that is a daemon on a system with a shell. */
export function deviceOf(program: string): Device | null {
  if (program === ROUTEROS) return ROUTEROS;
  return program in SEALED_PROGRAMS ? 'sealed' : null;
}

/**
 * The remedies in commands that the device has. Of the others, advice to do something here is left out, because it takes
 * a shell; what a device does without a command line (a capture, a ping) keeps its words.
 */
export function forDevice(own: Settings, remedies: readonly FilledRemedy[]): readonly FilledRemedy[] {
  if (own !== ROUTEROS && own !== 'sealed') return remedies;
  return remedies.flatMap((remedy): FilledRemedy[] => {
    const { side, for: meantFor, command } = remedy;
    if (side === 'peer' || command === null || meantFor === ROUTEROS) return [remedy];
    const [pattern, text] = EQUIVALENTS.find(([linux]) => linux.test(command)) ?? [];
    if (pattern === undefined || text === undefined) return side === 'here' ? [] : [{ ...remedy, command: null }];
    return [{ ...remedy, command: own === ROUTEROS ? command.replace(pattern, text) : null }];
  });
}
