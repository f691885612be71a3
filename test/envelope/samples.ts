import type { LogRecord } from '../../src/model/log-record.js';

export interface EnvelopeSample {
  readonly form: string;
  readonly line: string;
  /** Null: the line isn't by an IPsec daemon. */
  readonly expect: Partial<Omit<LogRecord, 'time' | 'line'>> & { readonly time: string | null } | null;
}

const AT = '2026-11-20T10:00:01.000Z';
const charon = { program: 'charon', pid: 812, host: 'gw', message: '05[IKE] <gw|3> text' };

/** One line of every envelope there is, read with `now` in November 2026. */
export const SAMPLES: readonly EnvelopeSample[] = [
  { form: 'RFC 3164', line: 'Nov 20 10:00:01 gw charon[812]: 05[IKE] <gw|3> text', expect: { time: AT, ...charon, inferred: ['year', 'zone'] } },
  { form: 'RFC 3164, PRI', line: '<30>Nov 20 10:00:01 gw charon[812]: 05[IKE] <gw|3> text', expect: { time: AT, ...charon } },
  { form: 'RFC 3164, octet count', line: '62 <30>Nov 20 10:00:01 gw charon[812]: 05[IKE] <gw|3> text', expect: { time: AT, ...charon } },
  { form: 'RFC 3164, no host', line: '<30>Nov 20 10:00:01 charon[812]: 05[IKE] <gw|3> text', expect: { time: AT, ...charon, host: '' } },
  { form: 'RFC 3164, no pid', line: 'Nov  9 10:00:01 gw charon: 05[IKE] text', expect: { time: '2026-11-09T10:00:01.000Z', program: 'charon', pid: null, message: '05[IKE] text' } },
  { form: 'Cisco-like year', line: 'Nov 20 10:00:01 2019 gw charon[812]: 05[IKE] <gw|3> text', expect: { time: '2019-11-20T10:00:01.000Z', ...charon, inferred: ['zone'] } },
  { form: 'busybox', line: 'Nov 20 10:00:01 gw daemon.info charon[812]: 05[IKE] <gw|3> text', expect: { time: AT, ...charon } },
  { form: 'OpenWrt logread', line: 'Fri Nov 20 10:00:01 2026 daemon.info ipsec: 07[IKE] text', expect: { time: AT, program: 'ipsec', host: '', message: '07[IKE] text', inferred: ['zone'] } },
  { form: 'rsyslog ISO', line: '2026-11-20T10:00:01.515192+00:00 gw pluto[99]: "net" #1: text', expect: { time: '2026-11-20T10:00:01.515Z', program: 'pluto', pid: 99, host: 'gw', message: '"net" #1: text', inferred: [] } },
  { form: 'journalctl short-iso', line: '2026-11-20T06:00:01-0400 gw charon[812]: 05[IKE] <gw|3> text', expect: { time: AT, ...charon } },
  { form: 'journalctl short', line: 'Mar 09 06:00:00 gw pluto[99]: text', expect: { time: '2026-03-09T06:00:00.000Z', program: 'pluto', message: 'text' } },
  { form: 'journalctl short-precise', line: 'Mar 09 06:00:00.123456 gw pluto[99]: text', expect: { time: '2026-03-09T06:00:00.123Z' } },
  { form: 'journalctl short-full', line: 'Sun 2025-03-09 06:00:00 EDT gw charon[812]: 05[IKE] <gw|3> text', expect: { time: '2025-03-09T06:00:00.000Z', ...charon, inferred: ['zone'] } },
  { form: 'journalctl with-unit', line: 'Sun 2025-03-09 06:00:00 UTC gw strongswan-starter.service[812]: 05[IKE] text', expect: { time: '2025-03-09T06:00:00.000Z', program: 'strongswan-starter', inferred: [] } },
  { form: 'syslog-ng full', line: '2026 Nov 20 10:00:01 gw charon[812]: 05[IKE] <gw|3> text', expect: { time: AT, ...charon } },
  { form: 'path as tag', line: 'Nov 20 10:00:01 gw /usr/lib/ipsec/charon[812]: 05[IKE] <gw|3> text', expect: { time: AT, ...charon } },
  { form: 'old pluto', line: 'Nov 20 10:00:01 gw Pluto[99]: "net" #1: text', expect: { time: AT, program: 'Pluto' } },
  { form: 'plutorun', line: 'Nov 20 10:00:01 gw ipsec__plutorun: 003 text', expect: { time: AT, program: 'ipsec__plutorun', message: '003 text' } },
  { form: 'RFC 5424', line: '<30>1 2026-11-20T10:00:01+00:00 gw charon 812 - [meta sequenceId="2" x="a]b\\"]"] 05[IKE] <gw|3> text', expect: { time: AT, ...charon, inferred: [] } },
  { form: 'RFC 5424, rsyslog', line: '<30>1 2026-11-20T10:00:01.000+00:00 gw pluto 99 - -  "conn" #0: msg', expect: { time: AT, program: 'pluto', pid: 99, message: '"conn" #0: msg' } },
  { form: 'RFC 5424, no time', line: '<30>1 - - charon - - - 05[IKE] text', expect: { time: null, host: '', program: 'charon', pid: null, message: '05[IKE] text' } },
  {
    form: 'journal JSON', line: '{"SYSLOG_IDENTIFIER":"charon-systemd","_PID":"29","_HOSTNAME":"gw","GROUP":"IKE","THREAD":"5","IKE_SA_NAME":"net","IKE_SA_UNIQUE_ID":"7","MESSAGE":"text","__REALTIME_TIMESTAMP":"1795168801000123"}',
    expect: { time: AT, program: 'charon-systemd', pid: 29, host: 'gw', message: 'text', tag: { thread: '05', group: 'IKE', connectionName: 'net', saNumber: 7 } },
  },
  { form: 'journal JSON, bytes', line: '{"SYSLOG_IDENTIFIER":"pluto","MESSAGE":[116,195,164],"__REALTIME_TIMESTAMP":"1795168801000123"}', expect: { time: AT, program: 'pluto', message: 'tä', tag: null } },
  { form: 'charon file', line: 'Nov 20 10:00:01 05[IKE] <gw|3> text', expect: { time: AT, program: '', message: '05[IKE] <gw|3> text' } },
  { form: 'charon file, ISO', line: '2026-11-20T10:00:01.250 05[IKE1] text', expect: { time: '2026-11-20T10:00:01.250Z', message: '05[IKE1] text', inferred: ['zone'] } },
  { form: 'charon file, own format', line: '2026-11-20 11:00:01 +0100 05[IKE] text', expect: { time: AT, message: '05[IKE] text', inferred: [] } },
  { form: 'charon bare', line: '05[IKE] text', expect: { time: null, message: '05[IKE] text', program: '' } },
  { form: 'charon JSON', line: '{"time":"Nov 20 10:00:01","thread":5,"group":"IKE","level":1,"ikesa-uniqueid":"7","ikesa-name":"net","msg":"a\tb"}', expect: { time: AT, program: 'charon', message: 'a b', tag: { thread: '05', group: 'IKE', connectionName: 'net', saNumber: 7 } } },
  { form: 'pluto file', line: 'Nov 20 10:00:01.123456: Starting Pluto (Libreswan Version 4.10)', expect: { time: '2026-11-20T10:00:01.123Z', program: '', message: 'Starting Pluto (Libreswan Version 4.10)' } },
  { form: 'pluto bare', line: '"net"[2] 2001:db8::1 #1: text', expect: { time: null, message: '"net"[2] 2001:db8::1 #1: text' } },
  { form: 'pluto bare packet', line: 'packet from 192.0.2.1:500: text', expect: { time: null, message: 'packet from 192.0.2.1:500: text' } },
  { form: 'pluto per-peer file', line: '2003-05-01 10:00:00 "net" #1: text', expect: { time: '2003-05-01T10:00:00.000Z', message: '"net" #1: text' } },
  { form: 'Docker', line: '{"log":"05[IKE] text\\n","stream":"stdout","time":"2026-11-20T10:00:01.123456789Z"}', expect: { time: '2026-11-20T10:00:01.123Z', message: '05[IKE] text', inferred: [] } },
  { form: 'Kubernetes', line: '2026-11-20T10:00:01.123456789Z stdout F Nov 20 11:00:01 05[IKE] text', expect: { time: '2026-11-20T10:00:01.123Z', message: '05[IKE] text', inferred: [] } },
  { form: 'racoon file', line: '2005-03-07 15:17:20: ERROR: phase1 negotiation failed', expect: null },
  { form: 'whack', line: '002 "net" #1: text', expect: { time: null, message: '002 "net" #1: text' } },
  { form: 'rsyslog repeats', line: 'Nov 20 10:00:01 gw charon[812]: message repeated 3 times: [ 05[IKE] <gw|3> text]', expect: { time: AT, ...charon, repeats: 3 } },
  { form: 'rate limit of rsyslog', line: 'Nov 20 10:00:01 gw rsyslogd-2177: imuxsock[pid: 99, name: /usr/libexec/ipsec/pluto] from <gw:pluto>: 18 messages lost due to rate-limiting (12 allowed within 5 seconds)', expect: { time: AT, program: 'rsyslogd-2177' } },
  { form: 'rate limit of old rsyslog', line: 'Nov 20 10:00:01 gw rsyslogd-2177: imuxsock lost 300 messages from pid 99 due to rate-limiting', expect: { time: AT, program: 'rsyslogd-2177' } },
  { form: 'rate limit of journald', line: 'Nov 20 10:00:01 gw systemd-journald[20]: Suppressed 300 messages from strongswan.service', expect: { time: AT, program: 'systemd-journald' } },
  { form: 'loss in journald', line: 'Nov 20 10:00:01 gw systemd-journald[20]: Forwarding to syslog missed 3 messages.', expect: { time: AT, program: 'systemd-journald' } },
  { form: 'rate limit of another program', line: 'Nov 20 10:00:01 gw systemd-journald[20]: Suppressed 300 messages from ssh.service', expect: null },
  { form: 'another program', line: 'Nov 20 10:00:01 gw sshd[7]: Accepted publickey for charon from 192.0.2.1', expect: null },
  { form: 'another program, 5424', line: '<30>1 2026-11-20T10:00:01Z gw sshd 7 - - charon', expect: null },
  { form: 'another program, journal', line: '{"SYSLOG_IDENTIFIER":"sshd","MESSAGE":"pluto","__REALTIME_TIMESTAMP":"1795168801000123"}', expect: null },
  { form: 'no log line', line: 'charon and pluto are moons', expect: null },
];
