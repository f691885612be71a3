import type { Daemon } from './daemons.js';
import type { EventKind } from './event-kinds.js';
import type { Fields } from './fields.js';

/** One meaning with all the wordings it had over the releases; an entry of `rules/signatures/<daemon>/<topic>.json`. */
export interface Signature {
  /** `<daemon>/<topic>#<event>`, with `~2`, `~3`, ... for further entries of the same event in one file. */
  readonly id: string;
  readonly daemon: Daemon;
  /** File the signature was read from, for messages. */
  readonly file: string;
  readonly event: EventKind;
  readonly templates: readonly string[];
  /** Fields that the wording implies without printing them. */
  readonly set: Fields;
  readonly examples: readonly SignatureExample[];
}

export interface SignatureExample {
  /** A daemon message without envelope and prefix. */
  readonly message: string;
  /** What the captures must give; written by `rules test --update`. */
  readonly fields: Fields;
}
