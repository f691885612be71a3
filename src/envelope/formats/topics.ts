const TOPIC = '[a-z0-9!-]{1,20}';

/** Pattern source for the topics of a RouterOS message: `ipsec`, `ipsec,error`, `system,ipsec,ike1`. */
export const TOPICS = `(?:${TOPIC},){0,6}ipsec(?<more>(?:,${TOPIC}){0,6})`;

const SEVERAL = new RegExp(`^${TOPICS}$`);

/** Is the word a list of such topics? `ipsec` alone may be anything. */
export function areTopics(word: string): boolean {
  return word.includes(',') && SEVERAL.test(word);
}
