import { describe, expect, it } from 'vitest';

import { createDialects } from '../../src/dialects/index.js';
import type { DaemonMessage } from '../../src/model/daemon-message.js';
import type { LogRecord } from '../../src/model/log-record.js';

function recordOf(program: string, message: string, more: Partial<LogRecord> = {}): LogRecord {
  const line = { source: 'a.log', number: 1, text: message };
  return { line, time: 1_000_000, inferred: [], host: 'gw', program, pid: 9, message, repeats: 1, tag: null, ...more };
}

function read(program: string, message: string, more: Partial<LogRecord> = {}): DaemonMessage | null {
  return createDialects().read(recordOf(program, message, more));
}

describe('charon', () => {
  it.each([
    ['07[IKE] <gw|3> text', { thread: '07', group: 'IKE', connectionName: 'gw', saNumber: 3, text: 'text' }],
    ['07[IKE] <3> text', { thread: '07', group: 'IKE', connectionName: null, saNumber: 3, text: 'text' }],
    ['07[IKE1] <gw|3> text', { thread: '07', group: 'IKE', connectionName: 'gw', saNumber: 3, text: 'text' }],
    ['121[CFG]   using text', { thread: '121', group: 'CFG', connectionName: null, saNumber: null, text: '  using text' }],
    ['07[IKE] <a|b c> d|12> text <x|1> more', { connectionName: 'a|b c> d', saNumber: 12, text: 'text <x|1> more' }],
    ['07[IKE] <b|lue moon|2> text', { connectionName: 'b|lue moon', saNumber: 2, text: 'text' }],
    ['07[IKE] <not a tag> text', { connectionName: null, saNumber: null, text: '<not a tag> text' }],
    ['07[IKE] [gw|3] text', { connectionName: 'gw', saNumber: 3, text: 'text' }],
    ['00[DMN] swanctl-load: text', { thread: '00', group: 'DMN', text: 'text' }],
    ['00[DMN] loading gw: text', { group: 'DMN', text: 'loading gw: text' }],
    ['[IKE] [3] text', { thread: null, group: 'IKE', connectionName: null, saNumber: 3, text: 'text' }],
    ['07[IKE] [3] text', { connectionName: null, saNumber: null, text: '[3] text' }],
    ['07[IKE] <gw\\|3> text', { connectionName: 'gw', saNumber: 3, text: 'text' }],
    ['07[IKE] <gw> text', { connectionName: 'gw', saNumber: null, text: 'text' }],
    ['07[IKE] <CLIENT.IP> is initiating an IKE_SA', { connectionName: null, text: '<CLIENT.IP> is initiating an IKE_SA' }],
    ['07[KNL] <SERVER.IP> appeared on eth0', { connectionName: null, text: '<SERVER.IP> appeared on eth0' }],
    ['[IKE] establishing text', { thread: null, group: 'IKE', text: 'establishing text' }],
    ['received AUTHENTICATION_FAILED notify error', { thread: null, group: null, text: 'received AUTHENTICATION_FAILED notify error' }],
  ])('%s', (message, expected) => {
    expect(read('charon', message)).toMatchObject({ daemon: 'charon', instance: null, peerAddress: null, ...expected });
  });

  it('takes what only journald fields say', () => {
    const tag = { thread: '05', group: 'CFG', connectionName: 'net', saNumber: 7 };
    expect(read('charon-systemd', 'text', { tag })).toMatchObject({ ...tag, text: 'text' });
  });
});

describe('pluto', () => {
  it.each([
    ['Nov 20 10:00:01.123456: ', 'loading secrets from "/etc/ipsec.secrets"', 'pluto'],
    ['Nov 20 10:00:01.123456: ', 'ERROR: text', 'pluto'],
    ['Nov 20 10:00:01: ', 'text', 'pluto'],
    ['Nov 20 10:00:01: ', 'ERROR: text', 'racoon'],
    ['', '"gw": cannot initiate connection, not oriented', 'pluto'],
    ['', '"name": "text"', undefined],
    ['', '"count": 3,', undefined],
    ['', '"name": text,', undefined],
  ])('knows the lines of its own file without its prefix: %s%s', (stamp, message, daemon) => {
    expect(read('', message, { line: { source: 'a.log', number: 1, text: stamp + message } })?.daemon).toBe(daemon);
  });

  it.each([
    ['"net" #1: text', { connectionName: 'net', saNumber: 1 }],
    ['"net": text', { connectionName: 'net', saNumber: null }],
    ['"net"[1] 192.0.2.10 #12: text', { connectionName: 'net', instance: 1, saNumber: 12, peerAddress: '192.0.2.10' }],
    ['"net"[1] 192.0.2.10:4500 #12: text', { instance: 1, saNumber: 12, peerAddress: '192.0.2.10', peerPort: 4500 }],
    ['"net"[1] 192.0.2.10: text', { connectionName: 'net', instance: 1, saNumber: null, peerAddress: '192.0.2.10' }],
    ['"net" 192.0.2.10 #12: text', { connectionName: 'net', instance: null, saNumber: 12, peerAddress: '192.0.2.10' }],
    ['"net" <peer> #12: text', { connectionName: 'net', saNumber: 12, peerAddress: null }],
    ['"net/1x1" #1: text', { connectionName: 'net/1x1', saNumber: 1 }],
    ['"net"[3] 2001:db8::7 #5: text', { instance: 3, saNumber: 5, peerAddress: '2001:db8::7' }],
    ['"c"[1] 10.0.0.0/8=== ...192.0.2.3===? #1: text', { connectionName: 'c', instance: 1, saNumber: 1, peerAddress: '192.0.2.3' }],
    ['"private-or-clear#192.0.2.0/24"[1] ...192.0.2.23 #1: text', { connectionName: 'private-or-clear#192.0.2.0/24', saNumber: 1, peerAddress: '192.0.2.23' }],
    ['"my net #2 to: berlin" #4: text', { connectionName: 'my net #2 to: berlin', saNumber: 4 }],
    ['"net" #1 STATE_MAIN_R1: text', { connectionName: 'net', saNumber: 1 }],
    ['ERROR: "net" #2: text', { connectionName: 'net', saNumber: 2 }],
    ['"net" #2: ERROR: text', { connectionName: 'net', saNumber: 2 }],
    ['EXPECTATION FAILED: "net" #2: text', { connectionName: 'net', saNumber: 2, text: 'EXPECTATION FAILED: text' }],
    ['FATAL ERROR: text', { connectionName: null }],
    ['002 "net" #1: text', { connectionName: 'net', saNumber: 1 }],
    ['1v2 "net" #1: text', { connectionName: 'net', saNumber: 1 }],
    ['003 ERROR: "net" #1: text', { connectionName: 'net', saNumber: 1 }],
    ['packet from 192.0.2.1:500: text', { peerAddress: '192.0.2.1', peerPort: 500, connectionName: null }],
    ['packet from [2001:db8::1]:4500: text', { peerAddress: '2001:db8::1', peerPort: 4500 }],
    ['packet from 2001:db8::1:500: text', { peerAddress: '2001:db8::1', peerPort: 500 }],
    ['packet from <ip-address>: text', { peerAddress: null, peerPort: null }],
    ['connection from 192.0.2.1:4500: text', { peerAddress: '192.0.2.1', peerPort: 4500 }],
    ['#5: text', { saNumber: 5, connectionName: null }],
  ])('%s', (message, expected) => {
    expect(read('pluto', message)).toMatchObject({ daemon: 'pluto', thread: null, group: null, text: 'text', ...expected });
  });

  it.each(['"/etc/ipsec.d/x.conf" has text', 'adding connection: "net"', '#no serial: x', '"open', '"net"[x] 192.0.2.1 #1: text', '"net"[1'])('leaves what is no prefix: %s', (message) => {
    expect(read('pluto', message)).toMatchObject({ text: message, connectionName: null, saNumber: null });
  });

  it('leaves out debug lines', () => {
    const dialects = createDialects();
    expect(['| processing', '|', '|] text', 'text'].map((message) => dialects.read(recordOf('pluto', message))?.text)).toEqual([undefined, undefined, undefined, 'text']);
  });
});

describe('whose text it is', () => {
  it('goes with the daemon that a lost-messages line of the logging service names', () => {
    const dialects = createDialects();
    const texts = ['Forwarding to syslog missed 3 messages.', 'Suppressed 7 messages from strongswan.service', 'Forwarding to syslog missed 3 messages.'];
    expect(texts.map((text) => dialects.read(recordOf('systemd-journald', text))?.daemon)).toEqual([undefined, 'charon', 'charon']);
    expect(dialects.read(recordOf('rsyslogd', 'imuxsock[pid: 4, name: x] from <gw:pluto>: begin to drop messages due to rate-limiting'))?.daemon).toBe('pluto');
  });

  it('follows the shape, then the daemon that wrote there before', () => {
    const dialects = createDialects();
    const daemons = [['ipsec', 'text'], ['ipsec', '05[IKE] text'], ['ipsec', 'text'], ['', 'text'], ['', '"net" #1: text'], ['', 'text'], ['addconn', 'text']]
      .map(([program, message]) => dialects.read(recordOf(program as string, message as string))?.daemon);
    expect(daemons).toEqual([undefined, 'charon', 'charon', undefined, 'pluto', 'pluto', 'pluto']);
  });
});

describe('lines written more than once', () => {
  function keep(records: readonly LogRecord[]): [kept: string[], duplicates: number] {
    const dialects = createDialects();
    const kept = records.map((record) => dialects.read(record)).filter((message) => message !== null).map((message) => `${message.record.program} ${message.text}`);
    return [kept, records.length - kept.length];
  }

  it('drops the copies of standard output, however late they come', () => {
    const original = ['00[DMN] Starting IKE charon daemon', '05[IKE] initiating', '05[IKE] retransmit', '05[IKE] retransmit'];
    const records = original.map((message, index) => recordOf('charon', message, { time: index * 60_000 }));
    const copies = original.map((message) => recordOf('ipsec', message, { time: 9e6, pid: 5 }));
    const [kept, duplicates] = keep([...records, ...copies, recordOf('ipsec', '05[IKE] never in syslog')]);
    expect(kept).toEqual(['charon Starting IKE charon daemon', 'charon initiating', 'charon retransmit', 'charon retransmit', 'ipsec never in syslog']);
    expect(duplicates).toBe(4);
  });

  it('drops the original when the copy came right before it', () => {
    expect(keep([recordOf('ipsec', '05[IKE] text', { pid: 5 }), recordOf('charon', '05[IKE] text')])).toEqual([['ipsec text'], 1]);
    expect(keep([recordOf('ipsec', 'Starting strongSwan'), recordOf('ipsec_starter', 'Starting strongSwan')])[1]).toBe(1);
    expect(keep([recordOf('ipsec_starter', 'Starting strongSwan'), recordOf('ipsec', 'Starting strongSwan')])[1]).toBe(1);
  });

  it('drops what charon-systemd writes to the journal as well as to syslog', () => {
    const [plain, prefixed] = [recordOf('charon-systemd', 'text'), recordOf('charon-systemd', '05[IKE] <gw|1> text')];
    expect(keep([plain, prefixed, prefixed, plain])).toEqual([['charon-systemd text', 'charon-systemd text'], 2]);
    expect(keep([plain, plain, prefixed, { ...plain, pid: 10 }])[1]).toBe(1);
    const named = recordOf('charon', '05[IKE] <gw|1> text');
    expect(keep([named, plain, recordOf('charon', '05[ENC] <gw|1> other'), recordOf('charon-systemd', 'other')])).toEqual([['charon text', 'charon other'], 2]);
  });

  it('drops what NetworkManager passes on late of what the daemon has logged itself', () => {
    const passed = ['initiating Main Mode IKE_SA', 'sending retransmit 1'].map((message) => recordOf('NetworkManager', message, { time: 9e6 }));
    expect(keep([recordOf('charon', '05[IKE] initiating Main Mode IKE_SA'), ...passed])).toEqual([['charon initiating Main Mode IKE_SA'], 2]);
    expect(keep(passed)).toEqual([['NetworkManager initiating Main Mode IKE_SA', 'NetworkManager sending retransmit 1'], 0]);
  });

  it('drops the second line for authpriv', () => {
    const line = recordOf('charon', '12[IKE] IKE_SA net[1] established');
    expect(keep([line, recordOf('charon', '13[NET] sending'), line])[1]).toBe(1);
    expect(keep([line, ...Array.from({ length: 40 }, (_, index) => recordOf('ipsec', `12[CFG] late ${index}`)), line])[1]).toBe(1);
  });

  it('keeps a line that a thread repeats later, after another line, or in another process', () => {
    const line = recordOf('charon', '12[IKE] retransmit 1');
    expect(keep([line, { ...line, time: 1_002_001 }])[1]).toBe(0);
    expect(keep([line, recordOf('charon', '12[IKE] other'), line])[1]).toBe(0);
    expect(keep([line, { ...line, pid: 10 }])[1]).toBe(0);
    expect(keep([line, { ...line, host: 'other' }])[1]).toBe(0);
    expect(keep([recordOf('pluto', '"n" #1: text'), recordOf('pluto', '"n" #1: text')])[1]).toBe(0);
  });
});
