import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeSample, differences, readSamples, SAMPLES } from './samples.js';
const samples = [...readSamples()];
describe('samples', () => {
    it.each(samples)('%s', async (name, { logs }) => {
        for (const { file, expect: expected } of logs) {
            expect(differences(await analyzeSample(name, file), expected), file).toEqual([]);
        }
    });
    it('are all read: each log is named in its case.json', () => {
        const unread = samples.flatMap(([name, { logs }]) => readdirSync(join(SAMPLES, name)).filter((file) => file !== 'case.json' && !logs.some((log) => log.file === file)).map((file) => `${name}/${file}`));
        expect(unread).toEqual([]);
        expect(samples.length).toBeGreaterThanOrEqual(100);
    });
});
