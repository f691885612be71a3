const TOPIC = '[a-z0-9!-]{1,20}';

/** The source of a pattern for what RouterOS says that a message is about: `ipsec`, `ipsec,error`, `system,ipsec,ike1`. */
export const TOPICS = `(?:${TOPIC},){0,6}ipsec(?<more>(?:,${TOPIC}){0,6})`;

const SEVERAL = new RegExp(`^${TOPICS}$`);

/** Is the word several such topics? One alone, `ipsec`, may be anything. */
export function areTopics(word: string): boolean {
  return word.includes(',') && SEVERAL.test(word);
}
