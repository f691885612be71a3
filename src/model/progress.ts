/** How far a run is. */
export interface Progress {
  /** Read so far, as stored: of packed files, the packed bytes. */
  readonly bytes: number;
  /** Of all inputs; null where nobody knows, as with standard input. */
  readonly total: number | null;
  /** Connections that fail as far as they are read. */
  readonly failing: number;
}
