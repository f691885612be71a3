/**
 * A catalogued form: lines of it with the records they yield as `program: message`, or the reason why it is not read.
 */
export type RecogniserEntry =
  | { readonly lines: readonly string[]; readonly records: readonly string[] }
  | { readonly lines: readonly string[]; readonly notRead: string };

const MARKER = 'carries no message';
const CHARON = 'charon: 05[IKE] text';
const FOREIGN = 'sshd[7]: text';

/** All forms in the catalogue of envelopes by their names there, with lines of our own. */
export const RECOGNISERS: Readonly<Record<string, RecogniserEntry>> = {
  'octet-counted': { lines: ['72 <30>1 2026-11-20T10:00:01.5+00:00 gw pluto 99 - - "net" #1: text'], records: ['pluto: "net" #1: text'] },
  'octet-counted, no line ends': {
    lines: [
      '59 <30>1 2026-11-20T10:00:01Z gw pluto 99 - - "nét" #1: one 753 <30>1 2026-11-20T10:00:02Z gw sshd 9 - - <30>1 charon56 <30>1 2026-11-20T10:00:03Z gw pluto 99 - - "net" #1: two',
      '40 <30>Nov 20 10:00:01 gw charon: 05[IKE] 140 <30>Nov 20 10:00:02 gw charon: 05[IKE] 2',
      '2026 <30>Nov 20 10:00:01 gw charon: 05[IKE] 3',
    ],
    records: ['pluto: "nét" #1: one 7', 'pluto: "net" #1: two', 'charon: 05[IKE] 1', 'charon: 05[IKE] 2', 'charon: 05[IKE] 3'],
  },
  'not counted, no line ends': { lines: ['<30>1 2026-11-20T10:00:01Z gw pluto 99 - - "net" #1: peer <30>1 2026-11-20T10:00:01Z gw pluto 99 - - "net" #1: forged'], records: ['pluto: "net" #1: peer <30>1 2026-11-20T10:00:01Z gw pluto 99 - - "net" #1: forged'] },
  rfc5424: { lines: ['<30>1 2026-11-20T10:00:01Z gw racoon - - [meta sequenceId="2"] ERROR: text', '<30>1 2026-11-20T10:00:02Z gw charon 8 - - 05[IKE] text'], records: ['racoon: ERROR: text', CHARON] },
  'meraki-syslog': {
    lines: ['<134>1 1795168801.3 gw events Site-to-site VPN: phase2 negotiation failed', '<134>1 1795168801.4 gw events Site-to-site VPN: <remote-peer-1|5> text', '<134>1 1795168801.5 gw events Site-to-site VPN: connectivity changed'],
    records: ['meraki-racoon: phase2 negotiation failed', 'meraki-charon: <remote-peer-1|5> text'],
  },
  'rfc3164-pri': { lines: ['<30>Nov 20 10:00:01 gw racoon: INFO: text', `<30>Nov 20 10:00:02 gw ${CHARON}`], records: ['racoon: INFO: text', CHARON] },
  'kmsg-raw-pri': { lines: ['<4>[ 1614.906663] IPv4: martian source 192.0.2.1 from 198.51.100.7, on dev eth0', '<4>[ 1615.000000] eth0: link up'], records: ['kernel: IPv4: martian source 192.0.2.1 from 198.51.100.7, on dev eth0'] },
  'pri-no-time': { lines: [`<30>${CHARON}`, '<30>racoon: ERROR: text'], records: [CHARON, 'racoon: ERROR: text'] },
  'journal-json': { lines: ['{"PRIORITY":"4","SYSLOG_IDENTIFIER":"pluto","__REALTIME_TIMESTAMP":"1795168801000000","MESSAGE":"text"}'], records: ['pluto: text'] },
  'docker-json': { lines: ['{"log":"05[IKE] text\\n","stream":"stdout","time":"2026-11-20T10:00:01.5Z"}'], records: [': 05[IKE] text'] },
  'charon-json': { lines: ['{"time":"2026-11-20T10:00:01","thread":5,"group":"IKE","level":1,"msg":"text"}'], records: ['charon: text'] },
  'json-open': { lines: ['{', '  "@timestamp": "2026-11-20T10:00:01Z",', '  "program": "pluto",', '  "message": "text"', '}'], records: ['pluto: text'] },
  'json-array': {
    lines: ['{"events":[{"timestamp":1795168801000,"message":"05[IKE] one"},{"timestamp":1795168802000,"message":"05[IKE] two"}],"next":"x"}', '[{"program":"pluto","message":"three"}]'],
    records: [': 05[IKE] one', ': 05[IKE] two', 'pluto: three'],
  },
  'json-array, spread': {
    lines: ['{', '  "took": 3,', '  "hits": {', '    "total": {', '      "value": 2', '    },', '    "hits": [', '      {', '        "_source": {', '          "program": "pluto",', '          "message": "one"', '        }', '      },', '      {', '        "_source": {', '          "program": "pluto",', '          "message": "two"', '        }', '      }', '    ]', '  }', '}'],
    records: ['pluto: one', 'pluto: two'],
  },
  'journal-export': { lines: ['__CURSOR=s=1;i=1', '__REALTIME_TIMESTAMP=1795168801000000', 'SYSLOG_IDENTIFIER=racoon', 'MESSAGE=INFO: text', ''], records: ['racoon: INFO: text'] },
  'journal-sse': { lines: ['data: {"_COMM":"charon","MESSAGE":"05[IKE] text","__REALTIME_TIMESTAMP":"1795168801000000"}'], records: [CHARON] },
  'journal-seq': { lines: ['\u001e{"_COMM":"charon","MESSAGE":"05[IKE] text","__REALTIME_TIMESTAMP":"1795168801000000"}'], records: [CHARON] },
  cri: { lines: ['2026-11-20T10:00:01.5Z stdout F 05[IKE] text', '2026-11-20T18:00:01.5+08:00 stderr F "net" #1: text'], records: [': 05[IKE] text', ': "net" #1: text'] },
  'dmesg-iso': { lines: ['2026-11-20T10:00:01,906689+00:00 IPv4: martian source 192.0.2.1'], records: ['kernel: IPv4: martian source 192.0.2.1'] },
  'charon-file-iso': { lines: ['2026-11-20T10:00:01.840 05[IKE] text'], records: [': 05[IKE] text'] },
  'iso-syslog': { lines: ['2026-11-20T10:00:01.515192+00:00 gw racoon: INFO: text', `2026-11-20T06:00:02-0400 gw ${CHARON}`], records: ['racoon: INFO: text', CHARON] },
  'journal-full': {
    lines: [`Fri 2026-11-20 10:00:01 EST gw ${CHARON}`, 'Fri 2026-11-20 10:00:01.123456 EST [s=1;i=1;b=9;m=2;t=62fe5eb30ca40;x=f2]', '    SYSLOG_IDENTIFIER=pluto', '    MESSAGE=text', ''],
    records: [CHARON, 'pluto: text'],
  },
  'openwrt-logread': {
    lines: ['Fri Nov 20 10:00:01 2026 daemon.info ipsec: 07[KNL] text', 'Fri Nov 20 10:00:01 2026 [1795168801.123] kern.info kernel: [   12.345678] IPv4: martian source 192.0.2.1'],
    records: ['ipsec: 07[KNL] text', 'kernel: [   12.345678] IPv4: martian source 192.0.2.1'],
  },
  'pluto-file': { lines: ['Nov 20 10:00:01.123456: "net" #1: text'], records: [': "net" #1: text'] },
  'charon-file-bsd': { lines: ['Nov 20 10:00:01 05[IKE] text'], records: [': 05[IKE] text'] },
  busybox: { lines: ['Nov 20 10:00:01 gw daemon.err racoon: ERROR: text', `Nov 20 10:00:01 gw daemon.info ${CHARON}`], records: ['racoon: ERROR: text', CHARON] },
  'bsd-nohost': { lines: ['Nov 20 10:00:01 racoon: INFO: text', `Nov 20 10:00:01 ${CHARON}`], records: ['racoon: INFO: text', CHARON] },
  'metalog-repeat': { lines: ['Nov 20 10:00:01 [pluto] text_', '                - Last output repeated twice -', '                - Last output repeated 4 times -'], records: ['pluto: text', 'pluto: text', 'pluto: text'] },
  'bsd-repeat': { lines: ['Nov 20 10:00:01 gw pluto[9]: text', 'Nov 20 10:00:11 gw last message repeated 3 times'], records: ['pluto: text', 'pluto: text'] },
  'sysklogd-repeat': { lines: ['Nov 20 10:00:01 gw pluto[9]: text', 'Nov 20 10:00:11 gw last message buffered 3 times', 'Nov 20 10:00:12 gw sshd[7]: x', 'Nov 20 10:00:11 gw last message buffered 1 time'], records: ['pluto: text', 'pluto: text'] },
  'syslog-ng-repeat': {
    lines: ['Nov 20 10:00:01 gw racoon[9]: ERROR: phase1 negotiation failed', "Nov 20 10:00:11 gw racoon[3]: Last message 'ERROR: phase1 negoti' repeated 3 times, suppressed by syslog-ng on gw", "Nov 20 10:00:12 gw racoon[3]: Last message 'INFO: phase2' repeated 3 times, suppressed by syslog-ng on gw"],
    records: ['racoon: ERROR: phase1 negotiation failed', 'racoon: ERROR: phase1 negotiation failed'],
  },
  bsd: {
    lines: ['Nov 20 10:00:01 gw racoon: INFO: text', `Nov 20 10:00:01.123456 gw ${CHARON}`, 'Nov 20 10:00:02 UDM,00005e005301,udm-1.11.0.3921 kernel: DESCR="x" IN=eth8 SRC=192.0.2.1 PROTO=UDP SPT=500 DPT=500 ', `Nov 20 10:00:03 gw ${FOREIGN}`],
    records: ['racoon: INFO: text', CHARON, 'kernel: DESCR="x" IN=eth8 SRC=192.0.2.1 PROTO=UDP SPT=500 DPT=500 '],
  },
  'syslog-ng-full': { lines: ['2026 Nov 20 10:00:01 gw racoon: text'], records: ['racoon: text'] },
  'racoon-file': { lines: ['2026-11-20 10:00:01: ERROR: text'], records: [': ERROR: text'] },
  'macos-unified': { lines: ['2026-11-20 19:00:01.698510+0900 0x20eeab6  Default     0x0                  15495  0    racoon: [com.apple.networkextension:] text'], records: ['racoon: text'] },
  routeros7: { lines: ['2026-11-20 10:00:01 ipsec,info respond new phase 1 (Identity Protection): text'], records: ['routeros: respond new phase 1 (Identity Protection): text'] },
  epoch: { lines: [`1795168801.123456 gw ${CHARON}`, '1795168801.4 gw events Site-to-site VPN: <remote-peer-1|5> text'], records: [CHARON, 'meraki-charon: <remote-peer-1|5> text'] },
  'epoch-s': { lines: ['1795168801 gw racoon: text'], records: ['racoon: text'] },
  'journal-monotonic': {
    lines: [`[12345.678901] gw ${CHARON}`, '[12347.678000 <    0.999099 >] gw kernel: IPv4: martian source 192.0.2.1', `[12345.678901                ] gw ${CHARON}`],
    records: [CHARON, 'kernel: IPv4: martian source 192.0.2.1', CHARON],
  },
  dmesg: { lines: ['[ 1614.906663] IPv4: martian source 192.0.2.1', '[ 1615.000000] eth0: link up'], records: ['kernel: IPv4: martian source 192.0.2.1'] },
  'dmesg-delta': {
    lines: ['[  +0.000026] IPv4: martian source 192.0.2.1', '[<    0.000026>] IPv4: martian source 192.0.2.2', '[Nov20 10:00] IPv4: martian source 192.0.2.3'],
    records: ['kernel: IPv4: martian source 192.0.2.1', 'kernel: IPv4: martian source 192.0.2.2', 'kernel: IPv4: martian source 192.0.2.3'],
  },
  'dmesg-caller': { lines: ['[ 1614.906663][ T1234] IPv4: martian source 192.0.2.1', '[ 1614.906663][    C0] eth0: link up'], records: ['kernel: IPv4: martian source 192.0.2.1'] },
  'dmesg-T': { lines: ['[Fri Nov 20 10:00:01 2026] IPv4: martian source 192.0.2.1'], records: ['kernel: IPv4: martian source 192.0.2.1'] },
  'dmesg-json': { lines: ['{"dmesg":[{"pri":4,"time":  1614.906689,"msg":"IPv4: martian source 192.0.2.1"},{"pri":6,"time":  1615.000000,"msg":"eth0: link up"}]}'], records: ['kernel: IPv4: martian source 192.0.2.1'] },
  'dmesg-json, spread': {
    lines: ['{', '   "dmesg": [', '      {', '         "pri": 6,', '         "time":     0.000000,', '         "msg": "eth0: link up"', '      },{', '         "pri": 4,', '         "time":  1615.906600,', '         "msg": "IPv4: martian source 192.0.2.2"', '      }', '   ]', '}'],
    records: ['kernel: IPv4: martian source 192.0.2.2'],
  },
  'dmesg-x': { lines: ['kern  :warn  : [ 1614.906663] IPv4: martian source 192.0.2.1'], records: ['kernel: IPv4: martian source 192.0.2.1'] },
  kmsg: { lines: ['4,355,1614906663,-;IPv4: martian source 192.0.2.1'], records: ['kernel: IPv4: martian source 192.0.2.1'] },
  auditd: { lines: ['type=MAC_IPSEC_EVENT msg=audit(1795168801.123:456): op=SA-notfound src=192.0.2.1 dst=198.51.100.7'], records: ['kernel: op=SA-notfound src=192.0.2.1 dst=198.51.100.7'] },
  'logcat-head': { lines: ['--------- beginning of main', '--------- switch to system'], notRead: MARKER },
  'logcat-time': { lines: ['11-20 10:00:01.515  1234  1240 I racoon  : text', '11-20 10:00:01.515 I/charon  ( 1234): 05[IKE] text'], records: ['racoon: text', CHARON] },
  'logcat-long': {
    lines: ['[ 11-20 10:00:01.515  1234: 1240 I/racoon ]', 'text', 'and more', '', '[ 11-20 10:00:01.600  1235: 1241 I/vold   ]', 'racoon', '', '[ 11-20 10:00:02.515  1236: 1242 I/charon ]', '05[IKE] text', ''],
    records: ['racoon: text', 'racoon: and more', CHARON],
  },
  'logcat-brief': { lines: ['I/racoon  ( 1234): text'], records: ['racoon: text'] },
  tcpdump: { lines: ['10:00:01.123456 IP 192.0.2.1.500 > 198.51.100.7.500: isakmp: phase 1 I ident'], notRead: 'is no log of the gateway; what a capture shows is no event of a daemon, and no rule concludes from single packets' },
  'routeros-today': { lines: ['10:00:01 ipsec,error 198.51.100.7 failed to get valid proposal. '], records: ['routeros: 198.51.100.7 failed to get valid proposal. '] },
  'routeros6-day': { lines: ['nov/20/2026 10:00:01 ipsec,error text', 'nov/20 10:00:02 ipsec,ike1,error text', 'Nov 20 10:00:03 gw ipsec,error text', 'nov/20 10:00:04 system,info user admin logged in'], records: ['routeros: text', 'routeros: text', 'routeros: text'] },
  'routeros-bare': { lines: ['ipsec,error message repeated 10 times: [ 203.0.113.10 text ]', '<30>ipsec,error text', 'ipsec processing payload: ID_I', 'ipsec verify says so'], records: ['routeros: 203.0.113.10 text ', 'routeros: text', 'routeros: processing payload: ID_I'] },
  'journal-marker': { lines: ['-- Boot 1111222233334444555566667777888a --', '-- MARK --', '-- No entries --'], notRead: MARKER },
  'charon-bare': { lines: ['05[IKE] text'], records: [': 05[IKE] text'] },
  'racoon-bare': { lines: ['INFO: isakmp.c:797:isakmp_ph1begin_i(): text', '[198.51.100.2] ERROR: text', 'ERROR: text'], records: [': INFO: isakmp.c:797:isakmp_ph1begin_i(): text', ': [198.51.100.2] ERROR: text', ': ERROR: text'] },
  'pluto-bare': { lines: ['"net" #1: text', '002 "net" #1: text', '"rw"[2] 198.51.100.9 #5: text'], records: [': "net" #1: text', ': 002 "net" #1: text', ': "rw"[2] 198.51.100.9 #5: text'] },
  'pluto-debug': { lines: ['Nov 20 10:00:01.1: "net" #1: text', '| started looking for secret'], records: [': "net" #1: text', ': | started looking for secret'] },
  whack: { lines: ['000 #2: "net":500 STATE_V2_PARENT_I1 (sent IKE_SA_INIT request); idle;'], records: [': 000 #2: "net":500 STATE_V2_PARENT_I1 (sent IKE_SA_INIT request); idle;'] },
  cef: {
    lines: ['CEF:0|Vendor|Network|9.0|544|VPN|3|msg=text', 'Nov 20 10:00:01 gw CEF:0|MikroTik|RB|7.18|82|ipsec,error|Low|dvchost=gw msg=phase1 negotiation failed'],
    // Other vendors log events in their own words; the daemon's lines, which rules know, are not contained.
    records: ['routeros: phase1 negotiation failed'],
  },
};
