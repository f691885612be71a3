import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import type { AttemptReport, ObservedProblem, Report } from '../src/model/report.js';
import { analyze } from '../src/pipeline.js';
import { buildReport } from '../src/report/build-report.js';

export const SAMPLES = fileURLToPath(new URL('../samples', import.meta.url));

const expectation = z.strictObject({
  outcome: z.enum(['failing', 'up', 'down', 'none']),
  firstFailure: z.strictObject({ line: z.int().positive(), text: z.string().min(1) }).nullable(),
  cause: z.string().nullable(),
  among: z.array(z.string()).optional(),
  also: z.array(z.string()).optional(),
  never: z.array(z.string()).optional(),
});

const sampleCase = z.strictObject({
  title: z.string().min(1),
  scenario: z.string(),
  origin: z.enum(['lab', 'typed']),
  truth: z.strictObject({ cause: z.string().nullable(), side: z.string().nullable(), sentence: z.string() }),
  logs: z.array(z.strictObject({
    file: z.string(),
    host: z.string(),
    daemon: z.enum(['charon', 'pluto', 'racoon', 'kernel']),
    version: z.string(),
    form: z.string(),
    expect: expectation,
  })).min(1),
});

export type Expectation = z.infer<typeof expectation>;
export type SampleCase = z.infer<typeof sampleCase>;

/** All samples by folder name; throws if a case file does not have the expected shape. */
export function readSamples(): ReadonlyMap<string, SampleCase> {
  const names = readdirSync(SAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return new Map(names.map((name) => [name, sampleCase.parse(JSON.parse(readFileSync(join(SAMPLES, name, 'case.json'), 'utf8')))]));
}

/** The year of the captures, which their stamps do not state. */
export const CAPTURED = Date.UTC(2026, 11, 1);

export async function analyzeSample(name: string, file: string): Promise<Report> {
  return buildReport(await analyze([join(SAMPLES, name, file)], { rules: [], now: CAPTURED, live: false }));
}

/** Differences between a report and the expectation; empty if there are none. */
export function differences(report: Report, expect: Expectation): string[] {
  const failed = report.connections.flatMap(({ attempts }) => attempts).filter(({ firstFailure }) => firstFailure !== null);
  const claims = [...[...failed, ...observedIn(report)].flatMap(({ findings }) => findings), ...report.hostFindings];
  return [
    ...stateDifferences(report, expect),
    ...failureDifferences(report, failed, expect),
    ...causeDifferences(report, failed, expect),
    ...(expect.never ?? []).filter((id) => claims.some(({ cause }) => cause === id)).map((id) => `claims ${id}, which it must not`),
  ];
}

/** Problems shown by status outputs in a log. */
function observedIn({ connections }: Report): readonly ObservedProblem[] {
  return connections.flatMap(({ observed }) => observed);
}

/** The combined state of all connections in a report. */
export function outcomeOf(report: Report): Expectation['outcome'] {
  const states = new Set(report.connections.map(({ state }) => state));
  if (states.has('failing') || observedIn(report).length > 0 || report.hostFindings.some(({ doubtful }) => !doubtful)) return 'failing';
  return states.has('up') ? 'up' : states.has('down') ? 'down' : 'none';
}

function stateDifferences(report: Report, { outcome }: Expectation): string[] {
  const found = outcomeOf(report);
  return found === outcome ? [] : [`is ${found}, expected ${outcome}`];
}

function failureDifferences(report: Report, failed: readonly AttemptReport[], { firstFailure, outcome }: Expectation): string[] {
  const lines = [...failed.map((attempt) => attempt.firstFailure), ...observedIn(report), ...report.hostFindings].filter((each) => each !== null);
  if (firstFailure === null) {
    return lines.map(({ line, text }) => `claims a first failure in line ${line}: ${text}`);
  }
  const first = lines.some(({ line }) => line === firstFailure.line);
  return first ? [] : [`first failure in line ${lines.map(({ line }) => line).join(', ') || 'none'}, expected ${firstFailure.line} (${firstFailure.text}), ${outcome}`];
}

function causeDifferences(report: Report, failed: readonly AttemptReport[], { firstFailure, cause, among }: Expectation): string[] {
  const host = report.hostFindings.filter(({ line }) => line === firstFailure?.line);
  const findings = failed.find((attempt) => attempt.firstFailure?.line === firstFailure?.line)?.findings ?? observedIn(report).find(({ line }) => line === firstFailure?.line)?.findings ?? host;
  const ranked = findings.map((finding) => `${finding.cause} (${finding.confidence})`).join(', ') || 'nothing';
  if (firstFailure === null) {
    return [];
  }
  if (cause !== null) {
    return findings[0]?.cause === cause ? [] : [`says ${ranked}, expected ${cause} first`];
  }
  const wrong = findings.filter(({ confidence }) => confidence === 'certain').map((finding) => `is certain of ${finding.cause}, which this side cannot know`);
  return (among ?? []).some((id) => findings.some((finding) => finding.cause === id)) ? wrong : [...wrong, `says ${ranked}, expected one of ${(among ?? []).join(', ')}`];
}
