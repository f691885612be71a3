import { Random } from './random.js';
import { Stamps } from './stamp.js';
import { readStories, type Daemon, type Slot, type Story } from './stories.js';

/** Simultaneous negotiations per daemon, whose lines interleave. */
const AT_ONCE = 24;
/** Default number of tunnels per daemon. */
const TUNNELS = 120;
/** Minimum and maximum number of times that the same thing happens to a tunnel before something else does. */
const TELLINGS = [5, 40] as const;
/** Milliseconds between two lines of a negotiation that have the same stamp, as the samples have whole seconds only. */
const STEP = 40;
/** Milliseconds between the end of a negotiation and the next one in its slot. */
const PAUSE = 2000;

interface Tunnel {
  readonly name: string;
  readonly peer: string;
  /**
   * What happens to it, and how many more times: a tunnel fails in the same way until somebody changes its
   * configuration.
   */
  story: Story | null;
  tellings: number;
}

/** A story in progress for one tunnel. */
interface Negotiation {
  readonly story: Story;
  readonly tunnel: Tunnel;
  /** Offset added to the SA numbers of the story. */
  readonly base: number;
  readonly spi: string;
  at: number;
  due: number;
}

/**
 * Endless log of a gateway whose charon and pluto negotiate all the time: every line is about IPsec, and the
 * negotiations of many tunnels interleave. This is the worst case for the stages after the filter. `tunnels`: number
 * per daemon, used in turn.
 */
export function* denseLines(seed: number, tunnels = TUNNELS): Generator<string, never> {
  const random = new Random(seed);
  const stamps = new Stamps();
  const running = [new Speaker('charon', 811, random, tunnels), new Speaker('pluto', 902, random, tunnels)];
  for (;;) {
    const [a, b] = [running[0]!, running[1]!];
    const speaker = a.due <= b.due ? a : b;
    yield `${stamps.at(speaker.due)} gw1 ${speaker.speak()}`;
  }
}

/** One daemon with its tunnels. */
class Speaker {
  private readonly prefix: string;
  private readonly stories;
  private readonly free: Tunnel[];
  private readonly running: Negotiation[] = [];
  private serial = 0;
  private next: Negotiation;

  constructor(daemon: Daemon, pid: number, private readonly random: Random, tunnels: number) {
    this.prefix = `${daemon}[${pid}]: `;
    this.stories = readStories(daemon);
    this.free = Array.from({ length: tunnels }, (_, index) => tunnel(daemon, index, tunnels));
    while (this.running.length < AT_ONCE) this.running.push(this.begin(random.between(0, PAUSE)));
    this.next = this.earliest();
  }

  /** Time of its next line. */
  get due(): number {
    return this.next.due;
  }

  speak(): string {
    const negotiation = this.next;
    const { texts, slots } = negotiation.story.lines[negotiation.at]!;
    let text = this.prefix + texts[0]!;
    for (let at = 0; at < slots.length; at++) text += fill(slots[at]!, negotiation) + texts[at + 1]!;
    this.advance(negotiation);
    this.next = this.earliest();
    return text;
  }

  private advance(negotiation: Negotiation): void {
    const following = negotiation.story.lines[++negotiation.at];
    if (following !== undefined) {
      negotiation.due += following.wait + this.random.between(1, STEP);
      return;
    }
    this.free.push(negotiation.tunnel);
    this.running[this.running.indexOf(negotiation)] = this.begin(negotiation.due + this.random.between(1, PAUSE));
  }

  private begin(due: number): Negotiation {
    const tunnel = this.free.shift()!;
    const story = this.storyOf(tunnel);
    const base = this.serial;
    this.serial += story.serials;
    return { story, tunnel, base, spi: this.random.hex(8), at: 0, due };
  }

  private storyOf(tunnel: Tunnel): Story {
    if (tunnel.story === null || tunnel.tellings === 0) {
      tunnel.story = this.random.pick(this.stories);
      tunnel.tellings = this.random.between(...TELLINGS);
    }
    tunnel.tellings--;
    return tunnel.story;
  }

  private earliest(): Negotiation {
    let first = this.running[0]!;
    for (const negotiation of this.running) if (negotiation.due < first.due) first = negotiation;
    return first;
  }
}

/** Peers in a documentation network (IPv6 if there are too many for IPv4), different from that of the gateway. */
function tunnel(daemon: Daemon, index: number, tunnels: number): Tunnel {
  const [name, number] = daemon === 'charon' ? ['site', 1 + index] : ['branch', 1 + index + tunnels];
  const peer = tunnels <= TUNNELS ? `198.51.100.${number}` : `2001:db8::${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
  return { name: `${name}-${String(index + 1).padStart(3, '0')}`, peer, story: null, tellings: 0 };
}

function fill(slot: Slot, { tunnel, base, spi }: Negotiation): string {
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
