const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Start of every corpus, so that the same seed gives the same bytes. */
const START = Date.UTC(2026, 2, 1);

/**
 * RFC 3164 time stamps, `Mar  1 00:00:00`, from milliseconds since the start of the corpus. Caches the text of the
 * current second.
 */
export class Stamps {
  private second = -1;
  private text = '';

  at(milliseconds: number): string {
    const second = Math.floor(milliseconds / 1000);
    if (second !== this.second) {
      this.second = second;
      this.text = format(new Date(START + second * 1000));
    }
    return this.text;
  }
}

function format(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)}`;
}
