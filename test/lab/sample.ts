import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureOf } from './paths.js';

/** The parts of a case that this program reads and updates; everything else is kept as written. */
interface Case {
  scenario: string;
  logs: { file: string; expect: { firstFailure: { line: number; text: string } | null } }[];
}

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));

/** Removes the kernel's local version suffix, which belongs to the machine that ran the laboratory. */
function publishable(text: string): string {
  return text.replaceAll(release(), release().replace(/[^\d.].*$/, ''));
}

/**
 * Removes what fills some outputs without saying anything about tunnels: policies of daemons' sockets, audit records of
 * other subsystems.
 */
function withoutClutter(text: string): string {
  return text
    .replace(/^src \S+ dst \S+ .*\n\tsocket (?:in|out) .*\n(?:[\t ].*\n)*/gm, '')
    .replace(/^.* kernel: (?:\[[ \d.]+\] )?(?:audit: (?!type=1415)|kauditd_printk_skb: ).*\n/gm, '');
}

/** The current line number of an expected line. Inside a JSON journal the quotes of a message are escaped. */
function lineOf(text: string, log: string, file: string): number {
  const wanted = file.endsWith('.json') ? text.replaceAll('"', '\\"') : text;
  const lines = log.split('\n');
  const alone = lines.findIndex((line) => line.includes(wanted));
  // If the line alone is ambiguous, the expected text continues with that of the next line
  const index = alone >= 0 ? alone : lines.findIndex((line, at) => `${line.trim()} ${lines[at + 1]?.trim() ?? ''}`.includes(wanted));
  if (index < 0) throw new Error(`${file}: no line contains ${JSON.stringify(text)}: read the log and correct case.json`);
  return index + 1;
}

/** The captures from which one file of a sample is assembled. */
function partsOf(file: string, capture: string): string[] {
  if (!file.endsWith('.syslog-status.log')) return [file];
  const host = file.slice(0, -'.syslog-status.log'.length);
  return [`${host}.syslog.log`, `${host}.status.txt`, `${host}.tcpdump.txt`].filter((part) => existsSync(join(capture, part)));
}

/**
 * Renews a sample's logs from the last capture of its pair. Expected texts are written by people who read the log; the
 * line numbers are updated.
 */
function renew(name: string): void {
  const caseFile = join(SAMPLES, name, 'case.json');
  if (!existsSync(caseFile)) throw new Error(`${caseFile} does not exist: write it first, with the line numbers as 0`);
  const sample = JSON.parse(readFileSync(caseFile, 'utf8')) as Case;
  const capture = captureOf(sample.scenario, name.slice(sample.scenario.length + 1));
  for (const { file, expect } of sample.logs) {
    const log = publishable(partsOf(file, capture).map((part) => withoutClutter(readFileSync(join(capture, part), 'utf8'))).join(''));
    if (expect.firstFailure) expect.firstFailure.line = lineOf(expect.firstFailure.text, log, file);
    writeFileSync(join(SAMPLES, name, file), log);
  }
  writeFileSync(caseFile, `${JSON.stringify(sample, null, 2)}\n`);
}

process.argv.slice(2).forEach(renew);
