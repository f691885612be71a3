/** Programs whose lines are about IPsec negotiations, as they name themselves in syslog. */
const PROGRAMS = new Set([
  'charon', 'charon-systemd', 'charon-nm', 'charon-cmd', 'strongswan', 'strongswan-starter', 'strongswan-swanctl', 'swanctl',
  'ipsec', 'ipsec_starter', 'pluto', 'Pluto', 'ipsec__plutorun', '_plutorun', 'ipsec_setup', '_plutoload',
  'addconn', 'libipsecconf', 'whack', 'ipsec_whack',
]);

/** Logging services, whose word that messages were lost concerns us. */
const LOG_SERVICES = new Set(['rsyslogd', 'rsyslogd-2177', 'systemd-journald', 'imuxsock', 'imjournal']);
/** Losses that hit one of our daemons by name, or any process (rsyslog, imuxsock.c, ratelimit.c; systemd, journald-syslog.c). */
const LOSS = /(?:Suppressed|rate-limiting).*(?:charon|pluto|ipsec|swan)|(?:charon|pluto|ipsec|swan).*rate-limiting/;
const ANY_LOSS = /Forwarding to syslog missed|messages from pid \d/;

/**
 * Occurs in every line that {@link isRelevant} accepts and in few others, and in lines that repeat the one before. Each further
 * alternative slows the scan of large archives: measure.
 */
export const RELEVANT_HINT = /charon|[pP]luto|ipsec|swan|addconn|whack|message repeated|messages from pid|syslog missed/g;

/** `/usr/libexec/ipsec/pluto` and `strongswan.service` are their last part. */
export function programName(tag: string): string {
  const name = tag.endsWith('.service') ? tag.slice(0, -'.service'.length) : tag;
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Is the line about IPsec, or about lost lines that may have been? */
export function isRelevant(program: string, text: string): boolean {
  if (PROGRAMS.has(program)) return true;
  return LOG_SERVICES.has(program) && text.length < 400 && (LOSS.test(text) || ANY_LOSS.test(text));
}

export function isIpsecProgram(program: string): boolean {
  return PROGRAMS.has(program);
}
