import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureOf } from './paths.js';
const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
/** The kernel's local name belongs to the machine that the laboratory ran on, and explains nothing. */
function publishable(text) {
    return text.replaceAll(release(), release().replace(/[^\d.].*$/, ''));
}
/** Where an expected line is now. Inside a JSON journal the quotes of a message are escaped. */
function lineOf(text, log, file) {
    const wanted = file.endsWith('.json') ? text.replaceAll('"', '\\"') : text;
    const index = log.split('\n').findIndex((line) => line.includes(wanted));
    if (index < 0)
        throw new Error(`${file}: no line contains ${JSON.stringify(text)}: read the log and correct case.json`);
    return index + 1;
}
/** Renews a sample's logs from the last capture of its pair. Texts are written by people who read the log; line numbers follow. */
function renew(name) {
    const caseFile = join(SAMPLES, name, 'case.json');
    if (!existsSync(caseFile))
        throw new Error(`${caseFile} does not exist: write it first, with the line numbers as 0`);
    const sample = JSON.parse(readFileSync(caseFile, 'utf8'));
    const capture = captureOf(sample.scenario, name.slice(sample.scenario.length + 1));
    for (const { file, expect } of sample.logs) {
        const log = publishable(readFileSync(join(capture, file), 'utf8'));
        if (expect.firstFailure)
            expect.firstFailure.line = lineOf(expect.firstFailure.text, log, file);
        writeFileSync(join(SAMPLES, name, file), log);
    }
    writeFileSync(caseFile, `${JSON.stringify(sample, null, 2)}\n`);
}
process.argv.slice(2).forEach(renew);
