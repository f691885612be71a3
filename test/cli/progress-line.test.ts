import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ProgressLine, progressText } from '../../src/cli/progress-line.js';

describe('progressText', () => {
  it.each([
    [{ bytes: 412_000_000, total: 1_030_000_000, failing: 3 }, 1000, '412 MB of 1.0 GB, 40 %, 412 MB/s, 2 s left, 3 connections fail'],
    [{ bytes: 500, total: null, failing: 0 }, 2000, '500 B, 250 B/s'],
    [{ bytes: 5_000_000, total: 900_000_000, failing: 1 }, 10_000, '5.0 MB of 900 MB, 0 %, 500 kB/s, 30 min left, 1 connection fails'],
    [{ bytes: 2_000_000, total: 1_000_000, failing: 0 }, 1000, '2.0 MB, 2.0 MB/s'],
    [{ bytes: 0, total: 1_000_000, failing: 0 }, 1000, '0 B of 1.0 MB, 0 %, 0 B/s'],
  ])('of %j after %i ms', (progress, elapsed, text) => {
    expect(progressText(progress, elapsed)).toBe(text);
  });
});

describe('ProgressLine', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('shows nothing of short work, and leaves nothing of long work', () => {
    let written = '';
    const terminal = { columns: 30, write: (text: string) => (written += text) };
    const short = new ProgressLine(terminal, () => Date.now());
    short.update({ bytes: 1, total: 2, failing: 0 });
    vi.advanceTimersByTime(900);
    short.stop();
    vi.advanceTimersByTime(5000);
    expect(written).toBe('');
    const long = new ProgressLine(terminal, () => Date.now());
    long.update({ bytes: 1_500_000, total: 3_000_000, failing: 0 });
    vi.advanceTimersByTime(1000);
    expect(written).toBe('\r\u001b[K1.5 MB of 3.0 MB, 50 %, 1.5 M');
    vi.advanceTimersByTime(250);
    long.stop();
    expect(written.endsWith('\r\u001b[K')).toBe(true);
    const end = written;
    vi.advanceTimersByTime(5000);
    expect(written).toBe(end);
  });

  it('is shown on a terminal that does not know how wide it is', () => {
    let written = '';
    const line = new ProgressLine({ columns: 0, write: (text: string) => (written += text) }, () => Date.now());
    line.update({ bytes: 1_500_000, total: 3_000_000, failing: 0 });
    vi.advanceTimersByTime(1000);
    line.stop();
    expect(written).toContain('1.5 MB of 3.0 MB, 50 %, 1.5 MB/s, 1 s left');
  });
});
