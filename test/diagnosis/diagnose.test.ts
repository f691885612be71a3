import { expect, test } from 'vitest';
import type { Cause } from '../../src/model/cause.js';
import type { TimelineEntry } from '../../src/model/attempt.js';
import type { Attempt } from '../../src/model/attempt.js';
import type { Finding } from '../../src/model/report.js';
import { createDiagnosis } from '../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../src/diagnosis/diagnose.js';
import { attempt, cause, entry } from './attempts.js';

const PSK = { fact: 'auth.method', operator: 'equal', value: 'psk' } as const;
const diagnose = async (diagnosis: Diagnosis, subject: Attempt, hostFailures: readonly TimelineEntry[] = []): Promise<readonly Finding[]> =>
  diagnosis.explain(await diagnosis.recognise(subject, hostFailures), subject, hostFailures);
const failed = (): TimelineEntry => entry('auth.mac_mismatched', { 'auth.method': 'psk' });
const ids = async (causes: readonly Cause[], subject = attempt([failed()], { fields: { 'auth.method': 'psk' } })): Promise<string[]> =>
  (await diagnose(createDiagnosis(() => causes), subject)).map(({ cause: id, confidence }) => `${id} ${confidence}`);

test('only causes that the kind of the first failure wakes and whose conditions hold are found', async () => {
  const causes = [
    cause('auth/fits', { conditions: PSK }),
    cause('auth/conditions-differ', { conditions: { ...PSK, value: 'eap' } }),
    cause('auth/other-trigger', { on: ['auth.psk_missing'] }),
  ];
  expect(await ids(causes)).toEqual(['auth/fits certain']);
});

test('an attempt that did not fail has no finding, one of unknown cause neither', async () => {
  expect(await ids([cause('auth/a', {})], attempt([], { firstFailure: null }))).toEqual([]);
  expect(await ids([cause('auth/a', {})], attempt([entry('auth.psk_missing')]))).toEqual([]);
});

test('certain leads likely leads possible, then specific conditions, then frequency', async () => {
  const causes = [
    cause('a/likely-general', { confidence: 'likely', frequency: 'common' }),
    cause('a/likely-rare', { confidence: 'likely', frequency: 'rare' }),
    cause('a/likely-specific', { confidence: 'likely', frequency: 'rare', conditions: PSK }),
    cause('a/possible-rare', { confidence: 'possible', frequency: 'rare', conditions: PSK }),
    cause('a/possible-common', { confidence: 'possible' }),
  ];
  const expected = ['a/likely-specific likely', 'a/likely-general likely', 'a/likely-rare likely', 'a/possible-common possible', 'a/possible-rare possible'];
  expect(await ids(causes)).toEqual(expected);
  expect(await ids([...causes].reverse())).toEqual(expected);
});

test('beside a certain cause nothing is merely possible, and a cause removes what it outranks', async () => {
  const likely = cause('a/likely', { confidence: 'likely' });
  const possible = cause('a/possible', { confidence: 'possible' });
  expect(await ids([cause('a/certain', {}), likely, possible])).toEqual(['a/certain certain', 'a/likely likely']);
  expect(await ids([cause('a/certain', {}, { insteadOf: ['a/likely'] }), likely])).toEqual(['a/certain certain']);
  expect(await ids([cause('a/meek', { confidence: 'possible' }, { insteadOf: ['a/likely'] }), likely])).toContain('a/likely likely');
  expect(await ids([cause('a/meek', { confidence: 'possible' }, { insteadOf: ['a/possible'] }), possible])).toContain('a/possible possible');
});

test('the best clause of a cause speaks for it', async () => {
  const when = [
    { on: ['auth.mac_mismatched'], confidence: 'possible', explanation: 'May be.' },
    { on: ['auth.mac_mismatched'], confidence: 'certain', explanation: 'It is.', conditions: PSK, side: 'peer' },
  ] as const;
  const subject = attempt([failed()], { fields: { 'auth.method': 'psk' } });
  const [finding] = await diagnose(createDiagnosis(() => [cause('auth/a', {}, { when })]), subject);
  expect(finding).toMatchObject({ confidence: 'certain', explanation: 'It is.', side: 'peer' });
});

test('a line that may belong to another connection is never certain evidence', async () => {
  const causes = [cause('auth/a', {})];
  expect(await ids(causes, attempt([failed()], { candidates: ['paris'] }))).toEqual(['auth/a likely']);
  expect(await ids(causes, attempt([{ ...failed(), link: 'adjacent' }]))).toEqual(['auth/a likely']);
});

test('the facts tell what came before and after, NAT, the version and failures of the host', async () => {
  const all = [
    { fact: 'attempt.before', operator: 'contains', value: 'nat.peer' },
    { fact: 'attempt.before', operator: 'lacks', value: 'retransmit.sent' },
    { fact: 'attempt.after', operator: 'contains', value: 'retransmit.sent' },
    { fact: 'nat.detected', operator: 'equal', value: true },
    { fact: 'attempt.version', operator: 'equal', value: 'ikev1' },
    { fact: 'host.failures', operator: 'contains', value: 'daemon.port_in_use' },
    { fact: 'failure.auth.method', operator: 'equal', value: 'psk' },
    { fact: 'peer.address', operator: 'equal', value: '198.51.100.7' },
  ] as const;
  const failure = failed();
  const subject = attempt([entry('nat.peer'), failure, entry('retransmit.sent')], {
    firstFailure: failure, exchange: 'ikev1-main', fields: { 'peer.address': '%any' },
  });
  const diagnosis = createDiagnosis(() => [cause('auth/a', { conditions: { all } })]);
  expect(await diagnose(diagnosis, subject, [entry('daemon.port_in_use')])).toHaveLength(1);
  expect(await diagnose(diagnosis, subject)).toHaveLength(0);
});

test('remedies keep what can be done here, and at the peer for either daemon, with values filled in', async () => {
  const remedies = [
    { side: 'here', for: 'charon', do: 'List.', command: 'swanctl --list-conns' },
    { side: 'here', for: 'pluto', do: 'Show.', command: 'ipsec status' },
    { side: 'peer', for: 'pluto', do: 'Ask {peer.address}.' },
    { side: 'between', for: 'any', do: 'Watch.', command: "tcpdump -ni any 'host {peer.address}'" },
  ] as const;
  const [finding] = await diagnose(createDiagnosis(() => [cause('auth/a', {}, { remedies })]), attempt([failed()]));
  expect(finding!.remedies).toEqual([
    { side: 'here', for: 'charon', do: 'List.', command: 'swanctl --list-conns' },
    { side: 'peer', for: 'pluto', do: 'Ask 198.51.100.7.', command: null },
    { side: 'between', for: 'any', do: 'Watch.', command: "tcpdump -ni any 'host 198.51.100.7'" },
  ]);
});

test('a failure of the host is diagnosed without an attempt', async () => {
  const causes = [cause('daemon/port-in-use', { on: ['daemon.port_in_use'] }, { explanation: 'Port {local.port} is taken.' })];
  const [finding] = await createDiagnosis(() => causes).diagnoseHost(entry('daemon.port_in_use', { 'local.port': 500 }));
  expect(finding).toMatchObject({ cause: 'daemon/port-in-use', explanation: 'Port 500 is taken.' });
});

test('concurrent, repeated and hostile questions get the answers that single ones get', async () => {
  const conditions = { fact: 'peer.id', operator: 'equal', value: 'sun' } as const;
  const diagnosis = createDiagnosis(() => [cause('auth/a', { conditions })]);
  const names = ['sun', 'moon', '__proto__', 'constructor', '{peer.id}', ''];
  const asked = Array.from({ length: 1200 }, (_, index) => names[index % names.length] + (index % 7 ? '' : String(index)));
  const answers = await Promise.all(asked.map((id) => diagnose(diagnosis, attempt([failed()], { fields: { 'peer.id': id } }))));
  expect(answers.map((findings) => findings.length)).toEqual(asked.map((id) => (id === 'sun' ? 1 : 0)));
});

test('a condition that is negated or nested is evaluated with the same operators', async () => {
  const missing = { fact: 'eap.method', operator: 'exists', value: true } as const;
  expect(await ids([cause('auth/not', { conditions: { not: missing } })])).toEqual(['auth/not certain']);
  expect(await ids([cause('auth/nested', { conditions: { any: [missing, { all: [PSK] }] } })])).toEqual(['auth/nested certain']);
});

test('what has this gateway initiate is not advised where it takes peers of any address', async () => {
  const up = { side: 'here', for: 'pluto', initiates: true, do: 'Bring it up.', command: 'ipsec auto --up {connection.name}' } as const;
  const diagnosis = createDiagnosis(() => [cause('auth/a', {}, { remedies: [up] })]);
  const advised = async (instance: number | null): Promise<(string | null)[]> => {
    const { event, link } = entry('auth.mac_mismatched', {}, 'pluto');
    const subject = attempt([{ link, event: { ...event, message: { ...event.message, instance } } }], { role: 'responder' }, 'pluto');
    const [finding] = await diagnose(diagnosis, { ...subject, connection: { ...subject.connection, attempts: [subject] } });
    return (finding?.remedies ?? []).map(({ command }) => command);
  };
  expect(await advised(null)).toEqual(['ipsec auto --up office']);
  expect(await advised(2)).toEqual([]);
});
