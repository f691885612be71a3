import { readFileSync, statSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fastGlob from 'fast-glob';
import { describe, expect, it } from 'vitest';

import { loadCatalog } from '../src/catalog/load.js';
import { describeKind, EVENT_KINDS } from '../src/model/event-kinds.js';
import { OBSERVED } from '../src/model/event-kinds/observed.js';
import type { EventKind } from '../src/model/event-kinds.js';
import { BUILT_IN_RULES } from '../src/package-files.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_SAMPLE_BYTES = 60 * 1024;

/** Addresses of no network of anybody: the documentation's (RFC 5737, RFC 3849), this host's, and groups (RFC 1112, RFC 6676). */
const NOBODYS_IPV4 = /^(?:192\.0\.2|198\.51\.100|203\.0\.113|127\.0\.0|224\.0\.0|233\.252\.0|0\.0\.0)\.\d+$|^239\.255\.255\.250$|^255\.255\.255\.\d+$|^127\.255\.255\.255$/;
const NOBODYS_IPV6 = /^(?:(?:0000:){7}0000|2001:0?db8:|::1?$|fe80:|ff0[0-9a-f]:)/i;
/** Text that looks like an address: a section of an RFC, and what is left of one that a daemon cut in two. */
const NO_ADDRESS = ['section-4.1.2.5', 'addconn: 8.51.100.20)'];

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
    expect(files.flatMap((file) => foreignAddresses(readFileSync(join(ROOT, file), 'utf8')).map((address) => `${file}: ${address}`))).toEqual([]);
  });

  it(`are small: no file of a sample has more than ${MOST_SAMPLE_BYTES} bytes`, () => {
    expect(files.filter((file) => file.startsWith('samples/') && statSync(join(ROOT, file)).size > MOST_SAMPLE_BYTES)).toEqual([]);
  });
});

function foreignAddresses(text: string): string[] {
  const plain = NO_ADDRESS.reduce((rest, known) => rest.replaceAll(known, ''), text);
  const ipv4 = plain.replace(/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?=\.in-addr\.arpa)/g, '$4.$3.$2.$1').match(/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)/g) ?? [];
  const ipv6 = (plain.match(/(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,}(?![\w.])/g) ?? []).filter(isIPv6);
  return [...new Set([...ipv4.filter((address) => !NOBODYS_IPV4.test(address)), ...ipv6.filter((address) => !NOBODYS_IPV6.test(address))])];
}
