import { describe, expect, it } from 'vitest';

import { areEqual, CLOCKS_DIFFER, coreStory, formOf, FORMS, fullStory } from './forms.js';
import { analyzeSample, readSamples } from './samples.js';

/** `[case, daemon, first form, other form]` of every host of which a sample has its log in several forms. */
const pairs = [...readSamples()].flatMap(([name, { scenario, logs }]) => {
  const forms = scenario in CLOCKS_DIFFER ? [] : logs.filter(({ file }) => formOf(file) in FORMS);
  return forms.flatMap(({ file, host, daemon }) => {
    const first = forms.find((log) => log.host === host);
    return first === undefined || first.file === file ? [] : [[name, daemon, first.file, file] as const];
  });
});

describe('the report does not depend on the form of the log', () => {
  it.each(pairs)('%s: %s, %s and %s', async (name, daemon, one, other) => {
    const [first, second] = [await analyzeSample(name, one), await analyzeSample(name, other)];
    const tell = areEqual(daemon, one, other) ? fullStory : coreStory;
    expect(tell(second)).toEqual(tell(first));
  });

  it('is compared in every form that the laboratory writes', () => {
    expect(new Set(pairs.flatMap(([, , one, other]) => [formOf(one), formOf(other)]))).toEqual(new Set(Object.keys(FORMS)));
  });
});
