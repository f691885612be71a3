import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fastGlob from 'fast-glob';
import { describe, expect, it } from 'vitest';

import { foreignAddresses } from '../src/authoring/addresses.js';
import { loadCatalog } from '../src/catalog/load.js';
import { describeKind, EVENT_KINDS } from '../src/model/event-kinds.js';
import { OBSERVED } from '../src/model/event-kinds/observed.js';
import type { EventKind } from '../src/model/event-kinds.js';
import { BUILT_IN_RULES } from '../src/package-files.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_SAMPLE_BYTES = 60 * 1024;

const catalog = loadCatalog(BUILT_IN_RULES);
const reported = new Set<EventKind>([...catalog.signatures.map(({ event }) => event), ...(Object.keys(OBSERVED) as EventKind[])]);
const explained = new Set(catalog.causes.flatMap(({ when }) => when.flatMap(({ on }) => on)));

describe('the rules', () => {
  it('are many', () => {
    expect(catalog.signatures.length).toBeGreaterThanOrEqual(250);
    expect(catalog.causes.length).toBeGreaterThanOrEqual(45);
  });

  it('explain every failure that a signature reports', () => {
    const failures = (Object.keys(EVENT_KINDS) as EventKind[]).filter((kind) => describeKind(kind).role === 'failure');
    expect(failures.filter((kind) => reported.has(kind) && !explained.has(kind))).toEqual([]);
  });

  it('wait only for events that a signature reports', () => {
    expect([...explained].filter((kind) => !reported.has(kind))).toEqual([]);
  });

  it('give each cause a title of its own', () => {
    expect(new Set(catalog.causes.map(({ title }) => title)).size).toBe(catalog.causes.length);
  });

  it('refer to https pages only', () => {
    const references = catalog.causes.flatMap((cause) => cause.references);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((reference) => !reference.startsWith('https://'))).toEqual([]);
  });
});

describe('rules and samples', () => {
  const files = fastGlob.sync(['rules/**/*.json', 'samples/**/*'], { cwd: ROOT });

  it('name no address of anybody', () => {
    expect(files.length).toBeGreaterThan(100);
    // The loopback address followed by a port, which old releases print without brackets
    const named = (file: string): string[] => foreignAddresses(readFileSync(join(ROOT, file), 'utf8')).filter((address) => !/^::1:4?500$/.test(address));
    expect(files.flatMap((file) => named(file).map((address) => `${file}: ${address}`))).toEqual([]);
  });

  it(`are small: no file of a sample has more than ${MOST_SAMPLE_BYTES} bytes`, () => {
    expect(files.filter((file) => file.startsWith('samples/') && statSync(join(ROOT, file)).size > MOST_SAMPLE_BYTES)).toEqual([]);
  });
});
