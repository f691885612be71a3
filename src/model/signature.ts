import type { Daemon } from './daemons.js';
import type { EventKind } from './event-kinds.js';
import type { Fields } from './fields.js';

/** One meaning with all its wordings across releases; an entry of `rules/signatures/<daemon>/<topic>.json`. */
export interface Signature {
  /** `<daemon>/<topic>#<event>`, with `~2`, `~3`, ... for further entries of the same event in one file. */
  readonly id: string;
  readonly daemon: Daemon;
  /** File it was read from, for error messages. */
  readonly file: string;
  readonly event: EventKind;
  readonly templates: readonly string[];
  /** Fields implied by the wording without being printed. */
  readonly set: Fields;
  readonly examples: readonly SignatureExample[];
}

export interface SignatureExample {
  /** A daemon message without envelope and prefix. */
  readonly message: string;
  /** The expected captures; written by `rules test --update`. */
  readonly fields: Fields;
}
