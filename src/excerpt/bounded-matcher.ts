import type { Matcher } from './bare-sentences.js';

/**
 * Characters that may be matched for each character of an excerpt: real excerpts need up to 80, because each line is
 * tried from several places and joined with those below it. Short ones need more.
 */
const PER_CHARACTER = 150;
const FOR_ANY = 100_000;

/** A matcher that finds nothing more once a hostile excerpt has cost too much: its lines stay as they were read first. */
export function boundedMatcher(matcher: Matcher, characters: number): Matcher {
  let left = FOR_ANY + PER_CHARACTER * characters;
  const bounded = <T>(match: (message: Parameters<Matcher['match']>[0]) => T, nothing: T): typeof match => (message) => {
    left -= message.text.length;
    return left < 0 ? nothing : match(message);
  };
  return {
    match: bounded((message) => matcher.match(message), null),
    matchMasked: bounded((message) => matcher.matchMasked(message), null),
    matchCut: bounded((message) => matcher.matchCut(message), null),
    endsOpen: bounded((message) => matcher.endsOpen(message), false),
    endsIn: (daemon, text) => matcher.endsIn(daemon, text),
  };
}
