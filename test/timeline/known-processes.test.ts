import { expect, it } from 'vitest';

import type { DaemonMessage } from '../../src/model/daemon-message.js';
import { DaemonProcess } from '../../src/timeline/associations/daemon-process.js';
import { KnownProcesses } from '../../src/timeline/known-processes.js';

const HOUR = 3_600_000;
const by = (program: string, pid: number): DaemonMessage => ({ daemon: 'charon', text: '', record: { host: 'gw', program, pid } }) as DaemonMessage;

/** A run of hours in which the daemon logs each hour, and a command of a pid of its own three times in between. */
function processesOf(hours: number): KnownProcesses {
  const processes = new KnownProcesses(() => new DaemonProcess(() => undefined));
  const say = (program: string, pid: number, time: number): void => {
    const known = processes.of(by(program, pid));
    known.first ??= time;
    known.last = time;
  };
  for (let hour = 0; hour < hours; hour++) {
    say('charon', 1, hour * HOUR);
    for (let run = 0; run < 3; run++) say('swanctl', 100 + 3 * hour + run, hour * HOUR + run);
    processes.tidy(hour * HOUR);
  }
  return processes;
}

it('processes are forgotten that have no SA, once later ones of their program log', () => {
  const [few, many] = [processesOf(10), processesOf(100)].map((processes) => [...processes].map(({ pid }) => pid));
  expect(many).toHaveLength(few?.length ?? 0);
  expect(many).toContain(1);
  expect(many?.at(-1)).toBe(100 + 3 * 99 + 2);
});

it('when they logged is still known, and which of a host logged last', () => {
  const processes = processesOf(100);
  const spans = [...processes.spans()];
  expect(Math.min(...spans.map(({ first }) => first ?? NaN))).toBe(0);
  expect(Math.max(...spans.map(({ last }) => last ?? NaN))).toBe(99 * HOUR + 2);
  expect(processes.latestOn('gw')[0]).toBe([...processes].at(-1)?.process);
  expect(processes.latestOn('elsewhere')).toEqual([]);
});
