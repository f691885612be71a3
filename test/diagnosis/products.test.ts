import { describe, expect, it } from 'vitest';

import { loadProducts } from '../../src/catalog/load.js';
import { createDiagnosis } from '../../src/diagnosis/diagnose.js';
import { productRecogniser } from '../../src/diagnosis/recognise-product.js';
import type { Product } from '../../src/model/product.js';
import type { Finding } from '../../src/model/report.js';
import { BUILT_IN_RULES } from '../../src/package-files.js';
import { attempt, cause, entry } from './attempts.js';

const FORTIGATE = '8299031757a36082c6a621de00000000';

/** Vendor IDs that several makers' products send, with the names of those that daemons know. */
const SHARED = [
  '12f5f28c457168a9702d9fe274cc0100', 'Cisco Unity', 'Cisco-Unity', 'CISCO-UNITY',
  '09002689dfd6b712', 'XAuth', 'XAUTH', 'afcad71368a1f1c96b8696fc77570100', 'DPD', 'Dead Peer Detection',
  '4a131c81070358455c5728f20e95452f', 'NAT-T (RFC 3947)', 'RFC 3947', '90cb80913ebb696e086381b5ec427b1f', 'draft-ietf-ipsec-nat-t-ike-02_n',
  '4048b7d56ebce88525e7de7f00d6c2d3c0000000', '4048b7d56ebce88525e7de7f00d6c2d3', 'FRAGMENTATION', 'FRAGMENTATION c0000000',
  '464c455856504e2d535550504f52544544', 'Cisco FlexVPN Supported', 'FLEXVPN-SUPPORTED', '26244d38eddb61b3172a36e3d0cfb819', 'Vid-Initial-Contact',
  '621b04bb09882ac1e15935fefa24aeee', 'GSSAPI', 'da8e937880010000', 'Sonicwall b', '404bf439522ca3f6', 'Sonicwall a', 'Sonicwall 1 (TZ 170 Standard?)', 'fd808804df73b15150709d878044cde0ac1efcde', 'Juniper SRX', 'HeartBeat Notify', 'Sonicwall 2 (3.1.0.12-86s?)', '01020304',
];

const builtIn = productRecogniser(() => loadProducts(BUILT_IN_RULES));
const recognised = (...vendorIds: string[]): string | undefined => builtIn(attempt([entry('auth.mac_mismatched')], { vendorIds }))?.product.id;

describe('a peer', () => {
  it.each(SHARED)('is not recognised by what others send too: %s', (id) => {
    expect(recognised(id)).toBeUndefined();
  });

  it.each([
    '82:99:03:17:57:a3:60:82:c6:a6:21:de:00:05:02:e0', FORTIGATE, FORTIGATE.toUpperCase(), '82 99 03 17  57 a3 60 82  c6 a6 21 de  00 00 00 00', `0x${FORTIGATE}`, `${FORTIGATE} ...`, 'Fortigate',
  ])('is recognised however its vendor ID is written: %s', (id) => {
    expect(recognised('XAuth', id, '4048b7d56ebce88525e7de7f00d6c2d3')).toBe('fortigate');
  });

  it('is not recognised by part of a vendor ID, or by those of two products', () => {
    expect(recognised('8299031757a36082')).toBeUndefined();
    expect(recognised('882fe56d6fd20dbc2251613b2ebe5beb00')).toBeUndefined();
    expect(recognised(FORTIGATE, 'strongSwan')).toBeUndefined();
  });

  it('is known in later attempts too, but another client of the connection is not', () => {
    const first = attempt([], { vendorIds: [FORTIGATE] });
    const { connection } = first;
    const later = attempt([entry('auth.mac_mismatched')], { connection: { ...connection, attempts: [first] } });
    expect(builtIn(later)?.product.id).toBe('fortigate');
    expect(builtIn({ ...later, peerAddress: '203.0.113.9' })).toBeNull();
  });
});

const PRODUCT: Product = {
  id: 'box', title: 'Box', is: 'is a Box', vendorIds: ['0a0b0c0d'], names: [], daemon: null, shell: false,
  logs: [{ version: 'ikev1', do: 'Read the old log.' }, { do: 'Show its log.', command: 'debug on\nshow log' }],
  texts: [{ causes: ['auth/a'], version: 'ikev2', grep: 'keys differ', means: 'They differ.' }, { causes: ['auth/a'], role: 'initiator', grep: 'never', means: 'Never.' }],
  references: [], examples: [],
};
const CAUSE = cause('auth/a', { on: ['auth.rejected_by_peer'], confidence: 'possible' }, {
  remedies: [{ side: 'here', for: 'any', do: 'Look here.' }, { side: 'peer', for: 'any', do: 'Read the log there.', readsPeerLog: true }, { side: 'peer', for: 'any', do: 'Compare.', command: 'ip xfrm state' }],
  askPeer: [{ for: 'charon', grep: 'mismatched', means: 'They differ.' }, { for: 'pluto', grep: 'does not match', means: 'They differ.' }],
});

async function advice(product: Product, confidence: 'certain' | 'possible' = 'possible', remedies = CAUSE.remedies): Promise<Pick<Finding, 'remedies' | 'askPeer'>> {
  const known = { ...CAUSE, remedies, when: CAUSE.when.map((clause) => ({ ...clause, confidence })) };
  const diagnosis = createDiagnosis(() => [known], () => [product]);
  const failed = attempt([entry('auth.rejected_by_peer')], { vendorIds: ['0a:0b:0c:0d'], peerAnswered: true });
  const [finding] = diagnosis.explain(await diagnosis.recognise(failed, []), failed, []);
  return { remedies: finding?.remedies ?? [], askPeer: finding?.askPeer ?? [] };
}

describe('the advice for a known product', () => {
  it('leads to its own log, and has its own texts instead of those of daemons it does not run', async () => {
    expect(await advice(PRODUCT)).toEqual({
      remedies: [
        { side: 'here', for: 'any', do: 'Look here.', command: null },
        { side: 'peer', for: 'any', do: '198.51.100.7 is a Box, by its vendor ID. Show its log.', command: 'debug on\nshow log' },
        { side: 'peer', for: 'any', do: 'Compare.', command: null },
      ],
      askPeer: [{ for: 'box', grep: 'keys differ', means: 'They differ.' }],
    });
  });

  it('has the texts of the daemon that it runs, and commands only for a shell', async () => {
    const { askPeer, remedies } = await advice({ ...PRODUCT, daemon: 'pluto', shell: true, texts: [] });
    expect(askPeer.map(({ grep }) => grep)).toEqual(['does not match']);
    expect(remedies[2]?.command).toBe('ip xfrm state');
  });

  it('does not lead there if this log tells the cause', async () => {
    const told = await advice({ ...PRODUCT, daemon: 'charon' }, 'certain', CAUSE.remedies.slice(2));
    expect(told).toEqual({ remedies: [{ side: 'peer', for: 'any', do: 'Compare.', command: null }], askPeer: [] });
  });
});

describe('a product that is assumed', () => {
  const assuming = productRecogniser(() => loadProducts(BUILT_IN_RULES), 'palo-alto');
  const peerWith = (...vendorIds: string[]): object | null => assuming(attempt([entry('auth.rejected_by_peer')], { vendorIds }));

  it('counts for peers that no vendor ID gives away', () => {
    expect(peerWith()).toMatchObject({ product: { id: 'palo-alto' }, by: 'option' });
    expect(peerWith('XAuth')).toMatchObject({ product: { id: 'palo-alto' }, by: 'option' });
    expect(peerWith(FORTIGATE)).toMatchObject({ product: { id: 'fortigate' }, by: 'vendor-id' });
    expect(peerWith(FORTIGATE, 'strongSwan')).toBeNull();
  });

  it('is not said to be recognised', async () => {
    const diagnosis = createDiagnosis(() => [CAUSE], () => [PRODUCT], 'box');
    const failed = attempt([entry('auth.rejected_by_peer')]);
    const [finding] = diagnosis.explain(await diagnosis.recognise(failed, []), failed, []);
    expect(finding?.remedies[1]?.do).toBe('Show its log.');
  });
});
