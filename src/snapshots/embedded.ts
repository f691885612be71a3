import type { SourceLine } from '../model/source-line.js';

/** A line of a status output behind the envelope of a log: somebody piped it into `logger`, or a log server collected it. */
export interface Embedded {
  /** Outputs of two hosts, or of two scripts, may stand line by line among each other. */
  readonly place: string;
  readonly host: string;
  readonly line: SourceLine;
}

/** Stamp, host and program of syslog and of `journalctl`; what follows is the line as the command wrote it, its blanks too. */
const ENVELOPE = /^(?:<\d{1,3}>(?:1 )?)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,16}) (\S{1,80}) ([\w./@-]{1,48})(?:\[\d{1,10}\])?: ?/;
/** What these say is theirs; some of it looks like status outputs (pluto's `000 ...`). */
const OTHERS = /^(?:charon(?:-systemd)?|pluto|racoon|kernel|ipsec|ipsec__plutorun|_plutorun|ipsec_starter|audit\w*|dhclient|NetworkManager|sudo)$/;
/** How the first lines of outputs begin, and what else tells them: asked before anything that costs more. */
const MARK = /\]?: ?(?:#011|[\t ])*(?:src \S+ dst |\S+: #\d+, [A-Z]+, IKEv|[$#] ?(?:ip|ipsec|swanctl|setkey|racoonctl|iptables|nft)\b|Xfrm\w+ +|Status of IKE|Security Associations \(|000 |Chain [A-Z]+ \(|\*(?:nat|filter)\b|table \w+ \w+ \{|Verifying installed)/;

/** Could the line hold one of a status output? Of texts of any length, so that whole blocks can be asked. */
export const mayEmbed = (text: string): boolean => MARK.test(text);

/** The line without its envelope; null where there is none, or where it is an IPsec daemon's own. */
export function readEmbedded({ source, number, text }: SourceLine): Embedded | null {
  if (text.length > 2_000) return null;
  const [envelope, host, program] = ENVELOPE.exec(text) ?? [];
  if (envelope === undefined || host === undefined || program === undefined || OTHERS.test(program)) return null;
  // rsyslog writes a tab as its octal number
  return { place: `${source}\n${host}\n${program}`, host, line: { source, number, text: text.slice(envelope.length).replaceAll('#011', '\t') } };
}
