import type { Hint } from '../../model/line-filter.js';
import { DAEMON_PROGRAMS, KERNEL_PROGRAMS, SHARED_PROGRAM } from '../../model/programs.js';
import { startsPlace, startsThread } from './daemon-shape.js';

/** Syslog program names whose lines are about IPsec negotiations. */
const PROGRAMS: ReadonlySet<string> = new Set([...Object.values(DAEMON_PROGRAMS).flat(), SHARED_PROGRAM]);

/**
 * Programs that relay the output of daemons they started among lines of their own. `starter` is the process name of
 * strongSwan's ipsec.conf starter in the journal, but may also be another program's.
 */
const RELAYS = new Set(['NetworkManager', 'VPN-IPSEC', 'starter']);

/** Logging services whose reports of lost messages concern us. */
const LOG_SERVICES = new Set(['rsyslogd', 'rsyslogd-2177', 'systemd-journald', 'systemd-journal', 'journal', 'imuxsock', 'imjournal']);
/**
 * Reports of lost messages: of one of our daemons by name, or of any process (rsyslog, imuxsock.c, ratelimit.c;
 * systemd, journald-syslog.c).
 */
const LOSS = /(?:Suppressed|rate-limiting).*(?:charon|pluto|ipsec|swan)|(?:charon|pluto|ipsec|swan).*rate-limiting/;
const ANY_LOSS = /Forwarding to syslog missed|messages from pid \d|imjournal: (?:begin to drop|\d{1,9} messages lost)/;

const PASSES_ON_KERNEL: ReadonlySet<string> = new Set(KERNEL_PROGRAMS);

/**
 * Words of kernel lines that can be about IPsec: IKE and ESP packets at a firewall, XFRM audit events, KLIPS, rejected
 * source addresses; and L2TP that gets no answer, or gives one in vain.
 */
const KERNEL_WORDS: readonly Hint[] = [
  { word: 'PT=500 ', rare: 'T=5' },
  { word: 'PT=4500 ', rare: 'T=4' },
  { word: 'OTO=ESP', rare: 'O=E' },
  { word: 'OTO=AH', rare: 'O=A' },
  { word: 'op=SA-', rare: 'p=S' },
  { word: 'martian s', rare: 'n s' },
  { word: 'routing loop', rare: 'g l' },
  { word: ',esp,', rare: 'sp,' },
  { word: ',500,', rare: '00,' },
  { word: 'port 1701 (Timeout)', rare: '(Ti' },
  { word: 'twice, ignoring second', rare: 'ce, i' },
];

/**
 * Every line that {@link isRelevant} accepts, or that repeats the previous one, contains one of these; few others do.
 * Sources with relevant lines that contain none are read in full.
 */
export const HINTS: readonly Hint[] = [
  { word: 'charon', rare: 'aro' },
  { word: 'pluto', rare: 'lut' },
  { word: 'Pluto', rare: 'Plu' },
  { word: 'ipsec', rare: 'pse' },
  { word: 'swan', rare: 'wan' },
  { word: 'addconn', rare: 'dco' },
  { word: 'whack', rare: 'hac' },
  { word: 'racoon', rare: 'aco' },
  { word: 'setkey', rare: 'tke' },
  { word: 'message repeated', rare: 'ge ' },
  { word: 'message buffered', rare: 'buf' },
  { word: 'messages from pid', rare: 'm p' },
  { word: 'syslog missed', rare: 'g m' },
  { word: 'imjournal: ', rare: 'imj' },
  ...KERNEL_WORDS,
];

/** A security module (AppArmor, SELinux) denied something to one of the daemons. */
const DENIAL = '(?:="DENIED" |avc:  denied ).{0,120}(?:charon|pluto|racoon|ipsec|swan|stroke|whack)';
/** The kernel reports that one of the daemons crashed or was killed. */
const DEATH = '\\b(?:charon(?:-systemd|-nm)?|pluto|racoon)(?:\\[\\d+\\]:? (?:segfault|general protection|trap )|\\))';
const KERNEL_LINE = new RegExp(`${anyOf([...KERNEL_WORDS.map(({ word }) => word), 'klips', 'KLIPS', 'add xfrm type']).source}|${DENIAL}|${DEATH}`);
const HINTED = anyOf(HINTS.map(({ word }) => word));

/** Would the line be found by {@link HINTS}? */
export function isHinted(text: string): boolean {
  return HINTED.test(text);
}

/** Daemon and pid without brackets, which forums take for markup: `pluto7741`. */
const LOST_BRACKETS = /^(?<program>charon|pluto|racoon)(?<pid>\d{2,7})$/;

/** Splits a syslog tag: `charon[812]`, `/usr/libexec/ipsec/pluto`, `strongswan.service[7]`. */
export function readTag(tag: string): { readonly program: string; readonly pid: number | null } {
  const bracket = tag.indexOf('[');
  const lost = bracket < 0 ? LOST_BRACKETS.exec(tag)?.groups : undefined;
  if (lost !== undefined) return { program: lost['program'] ?? tag, pid: Number(lost['pid']) };
  const pid = bracket < 0 ? Number.NaN : Number.parseInt(tag.slice(bracket + 1), 10);
  return { program: programName(bracket < 0 ? tag : tag.slice(0, bracket)), pid: Number.isNaN(pid) ? null : pid };
}

/** The last path component, without `.service`: `/usr/libexec/ipsec/pluto`, `strongswan.service`. */
export function programName(tag: string): string {
  const name = tag.endsWith('.service') ? tag.slice(0, -'.service'.length) : tag;
  return name.slice(name.lastIndexOf('/') + 1);
}

/**
 * Is the line, whose message begins at `at`, about IPsec, or about lost lines that may have been? Messages in charon's
 * or racoon's own form count under any program name, because containers, supervisors and appliances rename the daemon.
 */
export function isRelevant(program: string, text: string, at: number): boolean {
  if (PROGRAMS.has(program) || startsThread(text, at) || startsPlace(text, at)) return true;
  if (PASSES_ON_KERNEL.has(program)) return KERNEL_LINE.test(text);
  if (RELAYS.has(program)) return text.charCodeAt(at) !== 0x3c || PLUGIN_FAILED.test(text);
  if (program === 'systemd') return UNIT_ENDED.test(text);
  if (program === 'systemd-coredump') return DUMPED.test(text);
  return LOG_SERVICES.has(program) && text.length < 400 && (LOSS.test(text) || ANY_LOSS.test(text));
}

/** NetworkManager's own message if charon-nm is not installed. */
const PLUGIN_FAILED = /failure to start VPN service: Failed to execute child process .{1,200}charon-nm/;

/** systemd's messages when a daemon's unit exits or fails to start. */
const UNIT_ENDED = /\b(?:ipsec|openswan|libreswan|strongswan(?:-starter|-swanctl)?)\.service: (?:(?:main|control) process exited|failed at step \w+ spawning |failed with result 'oom-kill'|a process of this unit has been killed by the oom killer)|Failed to start .{0,80}(?:\(IKE\) Protocol Daemon|strongSwan IPsec)/i;

/** systemd-coredump names the process that died. */
const DUMPED = / \((?:charon(?:-systemd|-nm)?|pluto)\)/;

/** Can this kernel line, logged by any program, be about IPsec? */
export function isKernelLine(text: string): boolean {
  return KERNEL_LINE.test(text);
}

/** Does the program relay kernel lines, and is this one about IPsec? */
export function isKernelProgram(program: string, text: string): boolean {
  return PASSES_ON_KERNEL.has(program) && KERNEL_LINE.test(text);
}

export function isIpsecProgram(program: string): boolean {
  return PROGRAMS.has(program);
}

/** Does the program relay other programs' lines? Then a line that is not understood need not be about IPsec. */
export function isRelay(program: string): boolean {
  return RELAYS.has(program);
}

function anyOf(words: readonly string[]): RegExp {
  return new RegExp(words.map((word) => word.replace(/[^\w ]/g, '\\$&')).join('|'));
}
