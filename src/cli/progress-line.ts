import type { Progress } from '../model/progress.js';

/** Milliseconds before the first display, and between updates: short runs show nothing. */
const FIRST = 1000;
const NEXT = 250;
/** Assumed width of terminals that report none: serial lines and some containers say 0. */
const WIDTH = 80;
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

/** A progress line on a terminal; it is erased when stopped. */
export class ProgressLine {
  private readonly terminal: Terminal;
  private readonly now: () => number;
  private readonly started: number;
  private progress: Progress | null = null;
  private shown = false;
  private timer: NodeJS.Timeout;

  /** `now`: a monotonic clock in milliseconds. */
  constructor(terminal: Terminal, now: () => number) {
    this.terminal = terminal;
    this.now = now;
    this.started = now();
    this.timer = setTimeout(() => this.tick(), FIRST);
  }

  update(progress: Progress): void {
    this.progress = progress;
  }

  stop(): void {
    clearTimeout(this.timer);
    if (this.shown) this.terminal.write('\r\u001b[K');
  }

  private tick(): void {
    if (this.progress !== null) {
      const text = progressText(this.progress, this.now() - this.started);
      this.terminal.write(`\r\u001b[K${text.slice(0, Math.max(0, (this.terminal.columns || WIDTH) - 1))}`);
      this.shown = true;
    }
    this.timer = setTimeout(() => this.tick(), NEXT);
  }
}

/** `412 MB of 1.0 GB, 38 %, 310 MB/s, 2 s left, 3 connections fail`; `elapsed` in milliseconds. */
export function progressText({ bytes, total, failing }: Progress, elapsed: number): string {
  const rate = bytes / Math.max(1, elapsed);
  const known = total !== null && total > 0 && bytes <= total;
  const parts = [
    known ? `${size(bytes)} of ${size(total)}, ${Math.floor((100 * bytes) / total)} %` : size(bytes),
    `${size(rate * 1000)}/s`,
    ...(known && rate > 0 ? [`${duration((total - bytes) / rate / 1000)} left`] : []),
    ...(failing > 0 ? [failing === 1 ? '1 connection fails' : `${failing} connections fail`] : []),
  ];
  return parts.join(', ');
}

function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.floor(value)} ${UNITS[power]}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
