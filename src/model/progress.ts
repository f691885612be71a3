/** Progress of reading. */
export interface Reach {
  /** Bytes read so far, as stored (packed size for packed files). */
  readonly bytes: number;
  /** Total over all inputs; null if unknown, as with standard input. */
  readonly total: number | null;
}

/** Progress of a run. */
export interface Progress extends Reach {
  /** Connections failing, as far as they have been read. */
  readonly failing: number;
}
