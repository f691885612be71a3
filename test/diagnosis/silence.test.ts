import { expect, it } from 'vitest';

import { compiledCauses } from '../../src/catalog/compiled.js';
import { createCauseEngine } from '../../src/diagnosis/engine.js';
import { PHASES } from '../../src/model/attempt.js';
import type { Attempt } from '../../src/model/attempt.js';
import type { EventKind } from '../../src/model/event-kinds.js';
import type { Facts } from '../../src/model/facts.js';
import { BUILT_IN_RULES, COMPILED_RULES } from '../../src/package-files.js';

type Situation = Pick<Attempt, 'subject' | 'role' | 'exchange' | 'purpose' | 'reached' | 'peerAnswered'>;

const SILENT: readonly EventKind[] = ['retransmit.sent', 'retransmit.gave_up', 'peer.not_responding', 'peer.trying_again'];
/** And the peer repeats a request that was answered. */
const UNHEARD: readonly EventKind[] = [...SILENT, 'retransmit.received'];
const EXCHANGES = { ike: ['ikev1-main', 'ikev1-aggressive', 'ikev2', 'unknown'], child: ['ikev1-quick', 'ikev2', 'unknown'] } as const;

/** Nothing about such a log says more than that an answer is missing, so what remains must be named. */
it('has at least one cause for every situation in which the peer falls silent', async () => {
  const engine = createCauseEngine(compiledCauses({ source: BUILT_IN_RULES, compiled: COMPILED_RULES }));
  const unexplained: string[] = [];
  for (const situation of situations()) {
    for (const kind of situation.role === 'responder' ? UNHEARD : SILENT) {
      if ((await engine.match(kind, factsOf(situation))).length === 0) unexplained.push(`${kind} ${Object.values(situation).join(' ')}`);
    }
  }
  expect(unexplained).toEqual([]);
});

function* situations(): Generator<Situation> {
  for (const subject of ['ike', 'child'] as const)
    for (const exchange of EXCHANGES[subject])
      for (const role of ['initiator', 'responder', 'unknown'] as const)
        for (const purpose of ['create', 'rekey', 'reauthenticate', 'maintain'] as const)
          for (const reached of PHASES) for (const peerAnswered of [true, false]) yield { subject, role, exchange, purpose, reached, peerAnswered };
}

function factsOf({ subject, role, exchange, purpose, reached, peerAnswered }: Situation): Facts {
  return {
    'attempt.subject': subject,
    'attempt.role': role,
    'attempt.exchange': exchange,
    'attempt.version': exchange === 'ikev2' || exchange === 'unknown' ? exchange : 'ikev1',
    'attempt.purpose': purpose,
    'attempt.reached': reached,
    'attempt.peer_answered': peerAnswered,
    'attempt.outcome': 'timed-out',
    'attempt.begun_before': false,
    'attempt.before': [],
    'attempt.after': [],
    'connection.daemon': 'charon',
    'connection.was_up': purpose !== 'create',
    'peer.address': '198.51.100.7',
  };
}
