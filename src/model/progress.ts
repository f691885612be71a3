/** How far the reading is. */
export interface Reach {
  /** Read so far, as stored: of packed files, the packed bytes. */
  readonly bytes: number;
  /** Of all inputs; null where nobody knows, as with standard input. */
  readonly total: number | null;
}

/** How far a run is. */
export interface Progress extends Reach {
  /** Connections that fail as far as they are read. */
  readonly failing: number;
}
