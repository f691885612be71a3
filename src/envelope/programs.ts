import type { Hint } from '../model/line-filter.js';
import { DAEMON_PROGRAMS, KERNEL_PROGRAMS, SHARED_PROGRAM } from '../model/programs.js';
import { startsPlace, startsThread } from './daemon-shape.js';

/** Programs whose lines are about IPsec negotiations, as they name themselves in syslog. */
const PROGRAMS: ReadonlySet<string> = new Set([...Object.values(DAEMON_PROGRAMS).flat(), SHARED_PROGRAM]);

/** Programs that pass on, among lines of their own, what the daemons they start print; `starter` is what the journal calls ipsec.conf's by its process, and others by theirs. */
const RELAYS = new Set(['NetworkManager', 'VPN-IPSEC', 'starter']);

/** Logging services, whose word that messages were lost concerns us. */
const LOG_SERVICES = new Set(['rsyslogd', 'rsyslogd-2177', 'systemd-journald', 'systemd-journal', 'journal', 'imuxsock', 'imjournal']);
/** Losses that hit one of our daemons by name, or any process (rsyslog, imuxsock.c, ratelimit.c; systemd, journald-syslog.c). */
const LOSS = /(?:Suppressed|rate-limiting).*(?:charon|pluto|ipsec|swan)|(?:charon|pluto|ipsec|swan).*rate-limiting/;
const ANY_LOSS = /Forwarding to syslog missed|messages from pid \d|imjournal: (?:begin to drop|\d{1,9} messages lost)/;

const PASSES_ON_KERNEL: ReadonlySet<string> = new Set(KERNEL_PROGRAMS);

/**
 * Of the kernel's lines, those that can be about IPsec: packets of IKE and ESP at a firewall, audit events of XFRM, KLIPS,
 * refused sources.
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
];

/**
 * One of these is in every line that {@link isRelevant} accepts, and in few others, and in lines that repeat the one before.
 * Sources with lines of ours without any are read as a whole.
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

/** A security module kept one of the daemons from something. */
const DENIAL = '(?:="DENIED" |avc:  denied ).{0,120}(?:charon|pluto|racoon|ipsec|swan|stroke|whack)';
/** One of the daemons did something that its kernel ended it for. */
const DEATH = '\\b(?:charon(?:-systemd|-nm)?|pluto|racoon)(?:\\[\\d+\\]:? (?:segfault|general protection|trap )|\\))';
const KERNEL_LINE = new RegExp(`${anyOf([...KERNEL_WORDS.map(({ word }) => word), 'klips', 'KLIPS', 'add xfrm type']).source}|${DENIAL}|${DEATH}`);
const HINTED = anyOf(HINTS.map(({ word }) => word));

/** Would the line be found by {@link HINTS}? */
export function isHinted(text: string): boolean {
  return HINTED.test(text);
}

/** A daemon and its pid without the brackets between them, which forums take for markup: `pluto7741`. */
const LOST_BRACKETS = /^(?<program>charon|pluto|racoon)(?<pid>\d{2,7})$/;

/** A syslog tag in its parts: `charon[812]`, `/usr/libexec/ipsec/pluto`, `strongswan.service[7]`. */
export function readTag(tag: string): { readonly program: string; readonly pid: number | null } {
  const bracket = tag.indexOf('[');
  const lost = bracket < 0 ? LOST_BRACKETS.exec(tag)?.groups : undefined;
  if (lost !== undefined) return { program: lost['program'] ?? tag, pid: Number(lost['pid']) };
  const pid = bracket < 0 ? Number.NaN : Number.parseInt(tag.slice(bracket + 1), 10);
  return { program: programName(bracket < 0 ? tag : tag.slice(0, bracket)), pid: Number.isNaN(pid) ? null : pid };
}

/** `/usr/libexec/ipsec/pluto` and `strongswan.service` are their last part. */
export function programName(tag: string): string {
  const name = tag.endsWith('.service') ? tag.slice(0, -'.service'.length) : tag;
  return name.slice(name.lastIndexOf('/') + 1);
}

/**
 * Is the line, whose message begins at `at`, about IPsec, or about lost lines that may have been? What only charon or racoon
 * writes counts by whatever name: containers, supervisors and appliances give their own.
 */
export function isRelevant(program: string, text: string, at: number): boolean {
  if (PROGRAMS.has(program) || startsThread(text, at) || startsPlace(text, at)) return true;
  if (PASSES_ON_KERNEL.has(program)) return KERNEL_LINE.test(text);
  if (RELAYS.has(program)) return text.charCodeAt(at) !== 0x3c || PLUGIN_FAILED.test(text);
  if (program === 'systemd') return UNIT_ENDED.test(text);
  return LOG_SERVICES.has(program) && text.length < 400 && (LOSS.test(text) || ANY_LOSS.test(text));
}

/** What NetworkManager says in its own words where charon's program for it is not installed. */
const PLUGIN_FAILED = /failure to start VPN service: Failed to execute child process .{1,200}charon-nm/;

/** What systemd says of the end of a daemon's unit, and of one that does not start. */
const UNIT_ENDED = /\b(?:ipsec|openswan|libreswan|strongswan(?:-starter|-swanctl)?)\.service: (?:main|control) process exited|Failed to start .{0,80}(?:\(IKE\) Protocol Daemon|strongSwan IPsec)/i;

/** Can a line of the kernel, by whatever program, be about IPsec? */
export function isKernelLine(text: string): boolean {
  return KERNEL_LINE.test(text);
}

/** Does the program pass on lines of the kernel, and is this one about IPsec? */
export function isKernelProgram(program: string, text: string): boolean {
  return PASSES_ON_KERNEL.has(program) && KERNEL_LINE.test(text);
}

export function isIpsecProgram(program: string): boolean {
  return PROGRAMS.has(program);
}

/** Does the program pass on other programs' lines, so that one that is not understood need not be ours? */
export function isRelay(program: string): boolean {
  return RELAYS.has(program);
}

function anyOf(words: readonly string[]): RegExp {
  return new RegExp(words.map((word) => word.replace(/[^\w ]/g, '\\$&')).join('|'));
}
