import { describe, expect, it } from 'vitest';
import { scoreSamples } from './logs.js';
import { misses } from './table.js';
const scores = await scoreSamples();
describe('accuracy over the samples', () => {
    it('is never wrong and confident, and raises no alarm over a healthy log', () => {
        const wrong = scores.filter(({ confidentlyWrong, falseAlarms }) => confidentlyWrong.length + falseAlarms.length > 0);
        expect(misses(wrong)).toEqual([]);
    });
    it('finds every first failure', () => {
        expect(misses(scores.filter(({ firstFailureRight }) => firstFailureRight === false))).toEqual([]);
    });
});
