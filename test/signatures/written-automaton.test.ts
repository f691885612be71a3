import { afterEach, describe, expect, it, vi } from 'vitest';

import { loadSignatures } from '../../src/catalog/load.js';
import type { DaemonMessage } from '../../src/model/daemon-message.js';
import { BUILT_IN_RULES } from '../../src/package-files.js';
import { compileRoot } from '../../src/signatures/compile.js';
import { compileSignatures, LazyMatcher } from '../../src/signatures/matcher.js';
import { readAutomaton, writeAutomaton } from '../../src/signatures/written-automaton.js';

const SIGNATURES = loadSignatures(BUILT_IN_RULES, 'pluto');
const WRITTEN = writeAutomaton(compileRoot(SIGNATURES));

afterEach(() => vi.restoreAllMocks());

describe('a written automaton', () => {
  it('tells of every example what the compiled one tells, whole and cut', () => {
    const { matcher } = compileSignatures(SIGNATURES);
    const written = new LazyMatcher(() => readAutomaton(WRITTEN));
    for (const { message } of SIGNATURES.flatMap(({ examples }) => examples)) {
      const [whole, cut] = [said(message), said(message.slice(0, 30))];
      expect(written.match(whole)).toEqual(matcher.match(whole));
      expect(written.matchCut(cut)).toEqual(matcher.matchCut(cut));
    }
  });

  it('is read only where a text leads', () => {
    const parse = vi.spyOn(JSON, 'parse');
    const matcher = new LazyMatcher(() => readAutomaton(WRITTEN));
    for (const text of ['terminating SAs using this connection', '"west" #1: no shared key', 'an unknown message']) matcher.match(said(text));
    expect(parse.mock.calls.length).toBeLessThan(40);
    expect(parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0)).toBeLessThan(WRITTEN.length / 20);
  });
});

function said(text: string): DaemonMessage {
  return { daemon: 'pluto', text } as DaemonMessage;
}
