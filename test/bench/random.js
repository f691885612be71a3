/** Numbers that look random and are the same in every run: corpora must not differ between two measurements. */
export class Random {
    #state;
    constructor(seed) {
        this.#state = seed | 0;
    }
    /** In [0, 1): the mulberry32 generator, which is small, fast and good enough to shape a log. */
    next() {
        this.#state = (this.#state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }
    /** A whole number from `low` to `high`, both included. */
    between(low, high) {
        return low + Math.floor(this.next() * (high - low + 1));
    }
    /** One of the items, of which there must be at least one. */
    pick(items) {
        return items[Math.floor(this.next() * items.length)] ?? items[0];
    }
    /** Lower-case hexadecimal digits. */
    hex(digits) {
        let text = '';
        while (text.length < digits)
            text += this.between(0, 15).toString(16);
        return text;
    }
}
