const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Every corpus begins here, so that the same seed gives the same bytes. */
const START = Date.UTC(2026, 2, 1);
/** The time stamp of RFC 3164, `Mar  1 00:00:00`, for milliseconds since the begin of the corpus. One second is written once. */
export class Stamps {
    #second = -1;
    #text = '';
    at(milliseconds) {
        const second = Math.floor(milliseconds / 1000);
        if (second !== this.#second) {
            this.#second = second;
            this.#text = format(new Date(START + second * 1000));
        }
        return this.#text;
    }
}
function format(date) {
    const day = String(date.getUTCDate()).padStart(2, ' ');
    return `${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)}`;
}
