import { Random } from './random.js';
import { Stamps } from './stamp.js';
import { readStories } from './stories.js';
/** Negotiations that go on at the same time, of each daemon: the lines of as many mix. */
const AT_ONCE = 24;
const TUNNELS = 120;
/** Milliseconds between two lines of a negotiation within which the sample's stamps, whole seconds, show no time. */
const STEP = 40;
/** Milliseconds between the end of a negotiation and the next one in its place. */
const PAUSE = 2000;
/**
 * The lines of a gateway whose charon and pluto negotiate all the time: every line is IPsec, and the negotiations of many tunnels
 * interleave. This is the worst input there is for the stages behind the filter, and never ends.
 */
export function* denseLines(seed) {
    const random = new Random(seed);
    const stamps = new Stamps();
    const running = [new Speaker('charon', 811, random), new Speaker('pluto', 902, random)];
    for (;;) {
        const [a, b] = [running[0], running[1]];
        const speaker = a.due <= b.due ? a : b;
        yield `${stamps.at(speaker.due)} gw1 ${speaker.speak()}`;
    }
}
/** One daemon with its tunnels. */
class Speaker {
    random;
    #prefix;
    #stories;
    #free;
    #running = [];
    #serial = 0;
    #next;
    constructor(daemon, pid, random) {
        this.random = random;
        this.#prefix = `${daemon}[${pid}]: `;
        this.#stories = readStories(daemon);
        this.#free = Array.from({ length: TUNNELS }, (_, index) => tunnel(daemon, index));
        while (this.#running.length < AT_ONCE)
            this.#running.push(this.#begin(random.between(0, PAUSE)));
        this.#next = this.#earliest();
    }
    /** When it says its next line. */
    get due() {
        return this.#next.due;
    }
    speak() {
        const negotiation = this.#next;
        const { texts, slots } = negotiation.story.lines[negotiation.at];
        let text = this.#prefix + texts[0];
        for (let at = 0; at < slots.length; at++)
            text += fill(slots[at], negotiation) + texts[at + 1];
        this.#advance(negotiation);
        this.#next = this.#earliest();
        return text;
    }
    #advance(negotiation) {
        const following = negotiation.story.lines[++negotiation.at];
        if (following !== undefined) {
            negotiation.due += following.wait + this.random.between(1, STEP);
            return;
        }
        this.#free.push(negotiation.tunnel);
        this.#running[this.#running.indexOf(negotiation)] = this.#begin(negotiation.due + this.random.between(1, PAUSE));
    }
    #begin(due) {
        const story = this.random.pick(this.#stories);
        const base = this.#serial;
        this.#serial += story.serials;
        return { story, tunnel: this.#free.shift(), base, spi: this.random.hex(8), at: 0, due };
    }
    #earliest() {
        let first = this.#running[0];
        for (const negotiation of this.#running)
            if (negotiation.due < first.due)
                first = negotiation;
        return first;
    }
}
/** Peers in a documentation network; the gateway's own address is in another. */
function tunnel(daemon, index) {
    const [name, first] = daemon === 'charon' ? ['site', 1] : ['branch', 1 + TUNNELS];
    return { name: `${name}-${String(index + 1).padStart(3, '0')}`, peer: `198.51.100.${first + index}` };
}
function fill(slot, { tunnel, base, spi }) {
    switch (slot) {
        case 'name': return tunnel.name;
        case 'local': return '192.0.2.1';
        case 'peer': return tunnel.peer;
        case 'localId': return 'gw1.example.com';
        case 'peerId': return `${tunnel.name}.example.com`;
        case 'spi': return spi;
        default: return String(base + slot.serial);
    }
}
