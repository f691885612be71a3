import { isDigit } from '../model/digits.js';
import type { SnapshotFormatName } from '../model/snapshot-formats.js';

/**
 * Does the line begin with a log envelope: a stamp, a priority, JSON of the journal or a container, charon's thread?
 * Decided from a few characters, because it runs on every line.
 */
export function beginsLikeLog(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === 0x3c || first === 0x7b) return true;
  if (isDigit(first)) return (startsIsoDate(text) && !startsCapture(text)) || startsThread(text);
  if (first === 0x5b) return startsKernelStamp(text);
  // pluto's `"gw" #1: ` without a stamp; pluto's status has a colon after the name
  if (first === 0x22) return text.charCodeAt(text.indexOf('"', 1) + 1) === 0x20;
  return startsMonth(text, first);
}

/** `[ 1614.903471]`, `[10:00:01]`; not the counters of `[12:840] -A FORWARD ...`. */
function startsKernelStamp(text: string): boolean {
  const next = text.charCodeAt(1);
  return next === 0x20 || (isDigit(next) && !/^\[\d{1,15}:\d{1,18}\] -[ADNP]/.test(text));
}

/** `2026-`, `2026/` */
function startsIsoDate(text: string): boolean {
  const dash = text.charCodeAt(4);
  return (dash === 0x2d || dash === 0x2f) && isDigit(text.charCodeAt(3)) && isDigit(text.charCodeAt(1));
}

/**
 * What follows tcpdump's `2026-11-20 10:00:01.515192 ` (-tttt): `IP `, an interface with a direction, or a MAC address.
 */
const CAPTURED = /(?:IP6? |[\w.@-]{1,20} {1,2}(?:In|Out) {1,2}| ?(?:In|Out) |(?:[0-9a-f]{2}:){5})/y;

function startsCapture(text: string): boolean {
  if (text.charCodeAt(10) !== 0x20 || text.charCodeAt(19) !== 0x2e || text.charCodeAt(26) !== 0x20) return false;
  CAPTURED.lastIndex = 27;
  return CAPTURED.test(text);
}

/** `05[IKE]` */
function startsThread(text: string): boolean {
  return isDigit(text.charCodeAt(1)) && text.charCodeAt(2) === 0x5b && text.charCodeAt(3) > 0x40;
}

/** `Nov 20 10:`, `Nov  2 10:` */
function startsMonth(text: string, first: number): boolean {
  if (first < 0x41 || first > 0x5a || text.charCodeAt(3) !== 0x20 || text.charCodeAt(6) !== 0x20) return false;
  return isDigit(text.charCodeAt(5)) && text.charCodeAt(9) === 0x3a;
}

/** `root@gw:~# `, `[admin@gw ~]$ `, `$ `, `# `, `> `, and the section separators of `ipsec barf`. */
const PROMPT = /^(?:\+ _{5,40} ?|\+ |(?:\[[^\]\n]{1,64}\]|[\w.-]{1,32}@[^\s#$]{1,64}:?[^\s#$]{0,64}|[\w.-]{1,40}:?[~/]?)? ?[#$>%] ?)(?=\S)/;

/** Commands and `ipsec barf` section names → their output format. The first match wins. */
const COMMANDS: readonly (readonly [RegExp, SnapshotFormatName])[] = [
  [/^(?:ip(?: -\S+)* x(?:frm)? s(?:t\w*)?\b(?!.*count)|ip-xfrm-state)/, 'xfrm-state'],
  [/^(?:ip(?: -\S+)* x(?:frm)? p(?:o\w*)?\b(?!.*(?:count|default))|ip-xfrm-policy)/, 'xfrm-policy'],
  [/^ip(?: -\S+)* x(?:frm)? m\w*/, 'xfrm-monitor'],
  [/^ip(?: -\S+)* x(?:frm)? (?:s(?:t\w*)?|p(?:o\w*)?) (?:count|getdefault)/, 'xfrm-counts'],
  [/^(?:cat )?\/?(?:cat-)?proc[/-]net[/-]xfrm_stat/, 'xfrm-stat'],
  [/^(?:conntrack\b.*(?:-\w*L|--dump)|(?:cat )?\/?proc\/net\/(?:nf|ip)_conntrack$)/, 'conntrack'],
  [/^(?:ss -\w*u|netstat -\w*u|(?:cat )?\/?proc\/net\/udp6?$)/, 'sockets'],
  [/^(?:lsmod|(?:cat )?\/?proc\/modules$)/, 'modules'],
  [/^ping6? /, 'ping'],
  [/^ikectl show sa/, 'ikectl'],
  [/^racoonctl (?:-\w+ )*status/, 'racoon-status'],
  [/^racoonctl (?:-\w+ )*(?:show-event|es\b|vpn-connect|vc\b)/, 'racoon-events'],
  [/^setkey -\w*DP|^setkey -\w*PD/, 'setkey-spd'],
  [/^(?:setkey -\w*D|racoonctl (?:-\w+ )*(?:show-sa|ss) (?:esp|ah|ipsec))/, 'setkey-sad'],
  [/^racoonctl (?:-\w+ )*(?:show-sa|ss) isakmp/, 'racoon-isakmp'],
  [/^swanctl (?:--list-sas|-l)\b.*(?:--raw|--pretty| -[rP]\b)/, 'swanctl-raw'],
  [/^swanctl (?:--list-sas|-l)\b/, 'swanctl-sas'],
  [/^swanctl (?:--list-conns|-L)\b/, 'swanctl-conns'],
  [/^swanctl (?:--list-pols|-P)\b/, 'swanctl-pols'],
  [/^tcpdump\b/, 'tcpdump'],
  [/^(?:ip6?tables-save|ip6?tables\b.* -(?:S|nS|vS)\b|ip6?tables\b.*(?:-\w*L|--list)|ip6?tables(?:-nat|-mangle)?$)/, 'iptables'],
  [/^nft\b.*\blist\b/, 'nftables'],
  [/^(?:ip(?: -\S+)* r(?:o\w*)?\b(?! ?ule)(?!ul)|route -n|netstat -\w*r|netstat-rn|ip-route-list)/, 'routes'],
  [/^(?:ip(?: -\S+)* ru\w*|ip-rule-list)/, 'rules'],
  [/^(?:ip(?: -\S+)* (?:a(?:d\w*)?|l(?:i\w*)?)\b|ifconfig|ip-addr-list|cat \/proc\/net\/dev|\/?proc\/net\/dev)/, 'interfaces'],
  [/^(?:sysctl|cat \/proc\/sys|grep .*(?:\/proc\/sys|\/rp_filter|_redirects)|head .*\/proc\/sys)/, 'settings'],
  [/^ipsec (?:eroute|spi|spigrp|tncfg|klipsdebug|look)\b|^(?:cat |sort .{0,20})?\/?proc\/net\/ipsec_/, 'klips'],
  [/^(?:ipsec verify|ipsec_verify)/, 'verify'],
];

export interface Echo {
  readonly command: string;
  /** Null if the output is not read, or if several daemons have a command of that name. */
  readonly format: SnapshotFormatName | null;
}

/** Headings that Libreswan's `ipsec look` prints above the outputs it contains. */
const HEADINGS: ReadonlyMap<string, SnapshotFormatName | null> = new Map<string, SnapshotFormatName | null>([
  ['XFRM state:', 'xfrm-state'], ['XFRM policy:', 'xfrm-policy'], ['XFRM done', null], ['IPSEC mangle TABLES', 'iptables'],
  ['NEW_IPSEC_CONN mangle TABLES', 'iptables'], ['iptables filter TABLE', 'iptables'], ['ROUTING TABLES', 'routes'], ['NSS_CERTIFICATES', null],
]);

/** A shell's echo of a command, or a section header of `ipsec barf`; null for any other line. */
export function readEcho(text: string): Echo | null {
  if (text.length > 400) return null;
  const heading = HEADINGS.get(text);
  if (heading !== undefined) return { command: text, format: heading };
  const prompt = PROMPT.exec(text);
  if (prompt === null) return null;
  const command = text.slice(prompt[0].length).replace(/^(?:sudo(?: -\S+)* |busybox |\/usr\/s?bin\/|\/s?bin\/|ip netns exec \S+ )+/, '').trim();
  const format = COMMANDS.find(([pattern]) => pattern.test(command))?.[1] ?? null;
  return format !== null || KNOWN_PROGRAMS.test(command) || prompt[0].startsWith('+ _') ? { command, format } : null;
}

/** Programs whose echo ends the previous output; their own output is recognised by its wording or not read. */
const KNOWN_PROGRAMS = /^(?:ip|ipsec|swanctl|setkey|racoonctl|iptables|nft|sysctl|cat|tail|head|less|grep|journalctl|ping|tcpdump|systemctl|service|ss|netstat|route|ifconfig|dmesg|lsmod|uname|strongswan|conntrack|ikectl|ping6)(?: |$)/;

/** Truncates a line at a word boundary, so that the beginning of a cut key is never kept. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = text.lastIndexOf(' ', limit);
  return text.slice(0, end <= 0 ? limit : end);
}
