import type { DaemonMessage } from '../model/daemon-message.js';

/** Systems other than Linux on which a daemon says that it runs. */
export type Platform = 'freebsd' | 'macos' | 'android';

/** What charon prints when it starts: release of strongSwan, uname or release of Android (charon.c, charonservice.c). */
const STARTED = /^Starting IKE (?:charon daemon|service) \(strongSwan [^,]{1,40}, (FreeBSD|Darwin|Android) /;
const SYSTEMS: Readonly<Record<string, Platform>> = { FreeBSD: 'freebsd', Darwin: 'macos', Android: 'android' };
/** Directories in which only pfSense and OPNsense, both of them FreeBSD, keep charon's files. */
const FREEBSD_FILES = /'\/(?:var\/etc\/ipsec|usr\/local\/etc\/ipsec\.(?:secrets\.)?opnsense\.d)\//;

/** The platform that a message states or shows; null if it does neither, and on Linux. */
export function platformOf({ daemon, text, record }: DaemonMessage): Platform | null {
  if (daemon !== 'charon') return null;
  // The app gives every connection this name (android_service.c), and its own log names no host, as logcat does not
  if (text.startsWith('initiating IKE_SA android[') && record.host === '') return 'android';
  if (text.startsWith('Starting IKE ')) return SYSTEMS[STARTED.exec(text)?.[1] ?? ''] ?? null;
  return (text.startsWith('loading ') || text.startsWith('opening ')) && FREEBSD_FILES.test(text) ? 'freebsd' : null;
}

type Equivalents = readonly (readonly [RegExp, string])[];

/** Equivalent commands on systems with PF_KEY and pf; compare setkey(8), route(8), pfctl(8), ping(8). */
const BSD_COMMANDS: Equivalents = [
  [/tcpdump (-\w*i) any\b/g, "tcpdump $1 '<interface>'"],
  [/\bip (?:-s )?xfrm state list(?: (?:src|dst) \S+)* nokeys(?=;|$)/g, "setkey -D | sed '/[EA]: /d'"],
  [/(?:ipsec eroute 2>\/dev\/null \|\| )?\bip (?:-s )?xfrm policy(?=;|$)/g, 'setkey -DP'],
  [/\bip route get (\S*:\S*)(?: from ('[^']*'|\S+))?/g, 'route -n get -inet6 $1'],
  [/\bip route get ('[^']*'|\S+)(?: from (?:'[^']*'|\S+))?/g, 'route -n get $1'],
  [/\bip route(?: show(?: table \w+)?)?(?=;|$)/g, 'netstat -rn'],
  [/\bip (?:-br(?:ief)? )?address(?: show)?(?: to \S+)?(?=;|$)/g, 'ifconfig -a'],
  [/\bip neighbour show\b/g, 'arp -an'],
  [/^(?:nft list ruleset; )?ip6?tables -vnL (?:INPUT|OUTPUT|FORWARD)$|^(?:nft list ruleset; )?iptables -vnL$|^ip6?tables-save -c$|^iptables -L FORWARD -n -v$/, 'pfctl -vvsr'],
  [/^iptables -t nat -(?:vnL POSTROUTING|L POSTROUTING -n -v)$/, 'pfctl -vsn'],
  [/\bping -M do -s (\d+) /g, 'ping -D -s $1 '],
  [/\bping (.*)-I /g, 'ping $1-S '],
  [/\bsysctl (?:-w )?net\.ipv4\.ip_forward\b/g, 'sysctl net.inet.ip.forwarding'],
  [/\bsysctl (?:-w )?net\.ipv6\.conf\.all\.forwarding\b/g, 'sysctl net.inet6.ip6.forwarding'],
];

/** FreeBSD's packages keep their files below /usr/local. */
const FREEBSD_COMMANDS: Equivalents = [
  [/\bss -lunp '[^']*:500\b[^']*'/g, 'sockstat -4 -6 -l -p 500,4500'],
  [/\bss -lunp '[^']*:1701'/g, 'sockstat -4 -6 -l -p 1701'],
  [/\bgetent ahosts\b/g, 'getent hosts'],
  [/(^|[\s'"])\/etc\/(?=swanctl|strongswan|ipsec\.|racoon|raddb)/g, '$1/usr/local/etc/'],
];

/** Programs and files of Linux; words of a filter, such as `ip[6:2]`, are no programs. */
const LINUX_ONLY = /(?:^|[;|&(]\s*|\b(?:do|time|xargs)\s+)(?:ip6?tables\S*|ip|nft|ss|nstat|journalctl|systemctl|timedatectl|coredumpctl|modprobe|lsmod|ethtool|free|dpkg|apparmor_parser|restorecon|ausearch|update-crypto-policies|update-ca-certificates)\s|\/(?:proc|sys|boot)\/|\/lib\/modules|\bsysctl\b.*\bnet\.(?:ipv[46]|core)\.|\bdmesg -|\bpidof\b|\bnflog\b|\btcpdump -\w+ ipsec0|\b-M do\b/;
/** What macOS lacks, or keeps elsewhere, besides. */
const NOT_ON_MACOS = /\b(?:sockstat|getent|ss) |\/etc\/(?:swanctl|strongswan|ipsec\.)/;

/** The equivalent of a command for a root shell of Linux; null if the platform has none, or no such shell. */
export function forPlatform(platform: Platform, command: string): string | null {
  if (platform === 'android') return null;
  const common = translate(command, BSD_COMMANDS);
  const translated = platform === 'freebsd' ? translate(common, FREEBSD_COMMANDS) : common;
  if (LINUX_ONLY.test(translated)) return null;
  return platform === 'macos' && NOT_ON_MACOS.test(translated) ? null : translated;
}

const translate = (command: string, equivalents: Equivalents): string => equivalents.reduce((text, [linux, other]) => text.replace(linux, other), command);

/** Added to the first advice about settings: what is edited in a shell of these products does not last. */
export const GENERATED_FILES = 'On pfSense and OPNsense, settings are changed in the web interface, which overwrites the files.';
