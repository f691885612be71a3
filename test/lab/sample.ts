import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureOf } from './paths.js';

/** What this program reads and renews of a case; everything else in it is kept as it was written. */
interface Case {
  scenario: string;
  logs: { file: string; expect: { firstFailure: { line: number; text: string } | null } }[];
}

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));

/** The kernel's local name belongs to the machine that the laboratory ran on, and explains nothing. */
function publishable(text: string): string {
  return text.replaceAll(release(), release().replace(/[^\d.].*$/, ''));
}

/** Where an expected line is now. Inside a JSON journal the quotes of a message are escaped. */
function lineOf(text: string, log: string, file: string): number {
  const wanted = file.endsWith('.json') ? text.replaceAll('"', '\\"') : text;
  const index = log.split('\n').findIndex((line) => line.includes(wanted));
  if (index < 0) throw new Error(`${file}: no line contains ${JSON.stringify(text)}: read the log and correct case.json`);
  return index + 1;
}

/** The captures that one file of a sample is made of. */
function partsOf(file: string): string[] {
  return file.endsWith('.syslog-status.log') ? [file.replace('syslog-status', 'syslog'), file.replace('syslog-status.log', 'status.txt')] : [file];
}

/** Renews a sample's logs from the last capture of its pair. Texts are written by people who read the log; line numbers follow. */
function renew(name: string): void {
  const caseFile = join(SAMPLES, name, 'case.json');
  if (!existsSync(caseFile)) throw new Error(`${caseFile} does not exist: write it first, with the line numbers as 0`);
  const sample = JSON.parse(readFileSync(caseFile, 'utf8')) as Case;
  const capture = captureOf(sample.scenario, name.slice(sample.scenario.length + 1));
  for (const { file, expect } of sample.logs) {
    const log = publishable(partsOf(file).map((part) => readFileSync(join(capture, part), 'utf8')).join(''));
    if (expect.firstFailure) expect.firstFailure.line = lineOf(expect.firstFailure.text, log, file);
    writeFileSync(join(SAMPLES, name, file), log);
  }
  writeFileSync(caseFile, `${JSON.stringify(sample, null, 2)}\n`);
}

process.argv.slice(2).forEach(renew);
