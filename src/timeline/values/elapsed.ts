/**
 * Did at most `limit` milliseconds pass between two message times (epoch milliseconds)? True if one is unknown, as
 * nothing contradicts it.
 */
export function isSoonAfter(limit: number, since: number | null, time: number | null): boolean {
  return since === null || time === null || time - since <= limit;
}
