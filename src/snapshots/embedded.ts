import type { SourceLine } from '../model/source-line.js';

/** A line of status output after a log envelope: piped into `logger`, or collected by a log server. */
export interface Embedded {
  /** Identifies the output: those of two hosts or scripts may be interleaved line by line. */
  readonly place: string;
  readonly host: string;
  readonly line: SourceLine;
}

/**
 * Stamp, host and program of syslog and `journalctl`; the rest is the line as the command printed it, including its
 * indentation.
 */
const ENVELOPE = /^(?:<\d{1,3}>(?:1 )?)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,16}) (\S{1,80}) ([\w./@-]{1,48})(?:\[\d{1,10}\])?: ?/;
/** Programs whose own messages may look like status output (pluto's `000 ...`). */
const OTHERS = /^(?:charon(?:-systemd)?|pluto|racoon|kernel|ipsec|ipsec__plutorun|_plutorun|ipsec_starter|audit\w*|dhclient|NetworkManager|sudo)$/;
/** First lines of outputs and other distinctive text; a cheap test before anything else. */
const MARK = /\]?: ?(?:#011|[\t ]){0,40}(?:src \S{1,80} dst |\S{1,80}: #\d{1,9}, [A-Z]{1,20}, IKEv|[$#] ?(?:ip|ipsec|swanctl|setkey|racoonctl|iptables|nft)\b|Xfrm\w{1,40} |Status of IKE|Security Associations \(|000 |Chain [A-Z]{1,20} \(|\*(?:nat|filter)\b|table \w{1,40} \w{1,40} \{|Verifying installed)/;

/** Could the text contain a line of status output? Works on text of any length, so that whole blocks can be tested. */
export const mayEmbed = (text: string): boolean => MARK.test(text);

/** The line without its envelope; null if it has none or was written by an IPsec daemon itself. */
export function readEmbedded({ source, number, text }: SourceLine): Embedded | null {
  if (text.length > 2_000) return null;
  const [envelope, host, program] = ENVELOPE.exec(text) ?? [];
  if (envelope === undefined || host === undefined || program === undefined || OTHERS.test(program)) return null;
  // rsyslog escapes a tab as `#011`
  return { place: `${source}\n${host}\n${program}`, host, line: { source, number, text: text.slice(envelope.length).replaceAll('#011', '\t') } };
}
