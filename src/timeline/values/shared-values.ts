import type { AbridgedStory } from '../../model/attempt.js';
import type { EventKind } from '../../model/event-kinds.js';
import type { FieldName, Fields, FieldValue } from '../../model/fields.js';
import { copyString } from '../../model/string-pool.js';

/** Limit on interned texts and lists; beyond it, interning starts over. */
const MOST_KNOWN = 4_096;

/**
 * Interns values kept for very many attempts, because those of one gateway are mostly the same, and because a slice of
 * a line would keep the whole line in memory.
 */
export class SharedValues {
  private readonly texts = new Map<string, string>();
  private readonly lists = new Map<string, readonly string[]>();
  private readonly stories = new Map<string, AbridgedStory>();

  /** An equal text that does not share memory with a line. */
  text(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const own = copyString(text);
    if (this.texts.size >= MOST_KNOWN) this.texts.clear();
    this.texts.set(own, own);
    return own;
  }

  /** Equal fields, sharing values with those of an attempt `before` where possible. */
  fields(fields: Fields, before: Fields | undefined): Fields {
    const own: Partial<Record<FieldName, FieldValue>> = {};
    for (const key in fields) {
      const name = key as FieldName;
      const value = fields[name];
      const known = before?.[name];
      if (value !== undefined) own[name] = typeof value !== 'string' ? value : known === value ? known : this.text(value);
    }
    return own;
  }

  /** An equal, shared list, whose texts share no memory with a line. */
  list<Text extends string>(texts: readonly Text[]): readonly Text[] {
    const key = texts.join('\0');
    const known = this.lists.get(key) as readonly Text[] | undefined;
    if (known !== undefined) return known;
    const own = texts.map((text) => this.text(text) as Text);
    if (this.lists.size >= MOST_KNOWN) this.lists.clear();
    this.lists.set(key, own);
    return own;
  }

  /** The kinds of an attempt's events before and after the one at this index; all are before, if it is negative. */
  story(kinds: readonly EventKind[], at: number): AbridgedStory {
    const key = `${at}\0${kinds.join('\0')}`;
    const known = this.stories.get(key);
    if (known !== undefined) return known;
    const story = { before: this.list(at < 0 ? kinds : kinds.slice(0, at)), after: this.list(at < 0 ? [] : kinds.slice(at + 1)) };
    if (this.stories.size >= MOST_KNOWN) this.stories.clear();
    this.stories.set(key, story);
    return story;
  }
}
