import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Random } from '../bench/random.js';
import { DAEMONS, type DaemonKind, type DaemonName } from './install.js';
import type { Pair } from './matrix.js';
import { ADDRESS, type Side } from './network.js';
import { rootOf } from './paths.js';
import { gatewayOf, type Overrides, type Scenario, type Step } from './scenario.js';

type Gate = 'west' | 'east';

/** A working setup, without its daemons and steps, which many share. */
interface Base extends Pick<Scenario, 'both' | 'west' | 'east' | 'north' | 'router'> {
  daemons: keyof typeof POOLS;
  steps: keyof typeof STEPS;
}

/** A mistake somebody may make on one gateway; in all texts, words in braces stand for values of that gateway. */
interface Mutation {
  /** Bases that work without it. */
  on: string[];
  /** Kinds of daemons on which it is possible; by default, all but foreign ones. */
  of?: DaemonKind[];
  /** The gateway on which it is possible; by default, either. */
  side?: Gate;
  set?: Overrides;
  /** Further lines of a tunnel's configuration, in addition to those of `set`. */
  extraOf?: Partial<Record<DaemonKind, string[]>>;
  /** Overrides for the peer, and the kinds of daemons it may have. */
  other?: Overrides;
  others?: DaemonKind[];
  /** A command before its daemon starts, by kind or for all. */
  before?: Partial<Record<DaemonKind, string>>;
  beforeAny?: string;
  /** A command while the tunnel is up, by kind or for all, and what follows. */
  during?: Partial<Record<DaemonKind, string>>;
  duringAny?: string;
  then?: keyof typeof THEN;
  router?: string[];
  /** MTU of the router's link to the gateway. */
  mtu?: number;
  steps?: Step[];
  /** What was injected; null if it does no harm. What a log can know about it has to be read by a person. */
  cause: string | null;
}

/** One mutation of one base, with its daemons. */
export interface Mutant {
  number: number;
  name: string;
  base: string;
  side: Gate;
  pair: Pair;
}

const STRONGSWAN: DaemonName[] = ['ss591', 'ss598', 'ss601', 'ss61', 'sl598', 'sl601'];
const IKE: DaemonName[] = [...STRONGSWAN, 'ls43', 'ls410', 'ls52'];
/** Debian builds 6.1 without IKEv1. */
const IKEV1 = IKE.filter((name) => name !== 'ss61');
const POOLS = {
  strongswan: STRONGSWAN,
  ike: IKE,
  rekeying: IKE.filter((name) => DAEMONS[name].kind !== 'starter'),
  ikev1: IKEV1,
  // Openswan supports other algorithms than the rest; its pairs are covered by scenarios
  all: [...IKEV1, ...IKEV1, 'sl535', 'sl452', 'ls315', 'ls325', 'ls329'] satisfies DaemonName[],
  iked: IKE,
} as const;

/** Pools whose responders are not taken from the pool itself. */
const ANSWERING: Partial<Record<keyof typeof POOLS, DaemonName[]>> = { iked: ['oi72', 'oi74'] };

/** The lab does not install the old releases; without their root directories, other daemons are used instead. */
const installed = (name: DaemonName): boolean => DAEMONS[name].suite !== null || existsSync(rootOf(name));

const UP: Step = { do: 'initiate', side: 'west' };
const STEPS = {
  up: [UP, { do: 'wait', seconds: 3 }],
  ping: [UP, { do: 'ping', side: 'west' }, { do: 'wait', seconds: 3 }],
  rekey: [UP, { do: 'wait', seconds: 2 }, { do: 'rekey', side: 'west', what: 'child' }, { do: 'wait', seconds: 8 }],
} satisfies Record<string, Step[]>;

/** What shows a change while the tunnel was up. Liveness checks and retransmissions need half a minute. */
const THEN = {
  wait: [{ do: 'wait', seconds: 26 }],
  again: [{ do: 'terminate', side: 'west' }, { do: 'wait', seconds: 1 }, UP, { do: 'wait', seconds: 3 }],
  'rekey-ike': [{ do: 'rekey', side: 'west', what: 'ike' }, { do: 'wait', seconds: 14 }],
  'rekey-child': [{ do: 'rekey', side: 'west', what: 'child' }, { do: 'wait', seconds: 14 }],
} satisfies Record<string, Step[]>;

const FOLDER = fileURLToPath(new URL('./mutations/', import.meta.url));
const readTable = <T>(file: string): Record<string, T> => JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8')) as Record<string, T>;

const bases = readTable<Base>('bases.json');
const mutations: Record<string, Mutation> = Object.assign({}, ...readdirSync(FOLDER).filter((file) => file !== 'bases.json').sort().map((file) => readTable(file)));

/** A range of the mutants of the whole table, in an order given by the seed. */
export function chosen(seed: number, from: number, count: number): Mutant[] {
  const random = new Random(seed);
  const pick = <T>(list: readonly T[]): T => random.pick(list as readonly [T, ...T[]]);
  const shuffled = Object.keys(mutations).map((name) => ({ name, at: random.next() })).sort((a, b) => a.at - b.at);
  return shuffled.map(({ name }, number) => mutantOf(name, number, pick)).slice(from, from + count);
}

function mutantOf(name: string, number: number, pick: <T>(list: readonly T[]) => T): Mutant {
  const { on, of, others, side = pick<Gate>(['west', 'east']) } = mutations[name] as Mutation;
  const base = pick(on);
  const { daemons } = bases[base] as Base;
  const pool = (place: Gate): readonly DaemonName[] => (place === 'east' && ANSWERING[daemons]) || POOLS[daemons];
  const among = (place: Gate, kinds?: readonly DaemonKind[]): DaemonName =>
    pick(pool(place).filter((daemon) => installed(daemon) && (kinds?.includes(DAEMONS[daemon].kind) ?? true)));
  const [here, there] = [among(side, of), among(side === 'west' ? 'east' : 'west', others)];
  return { number, name, base, side, pair: side === 'west' ? { west: here, east: there } : { west: there, east: here } };
}

/** The scenario to run. */
export function mutated({ name, base, side, pair }: Mutant): Scenario {
  const { daemons, steps, ...works } = bases[base] as Base;
  const { kind } = DAEMONS[pair[side]];
  const fill = filler(works, side);
  const it = fill(mutations[name] as Mutation);
  const other = side === 'west' ? 'east' : 'west';
  const extra = { ...it.set?.extra, ...it.extraOf };
  const own = { ...works[side], ...it.set, ...(Object.keys(extra).length > 0 ? { extra } : {}) };
  const command = it.before?.[kind] ?? it.beforeAny;
  return {
    title: `${name} on ${side}, of ${base}`,
    ...works,
    [side]: own,
    [other]: { ...works[other], ...it.other },
    router: it.router ?? works.router ?? [],
    before: command === undefined ? [] : [{ side, command }],
    steps: [...(it.mtu === undefined ? [] : [{ do: 'mtu', side, bytes: it.mtu } as const]), ...(it.steps ?? changed(it, side, kind) ?? STEPS[steps])],
    truth: { cause: it.cause, side, sentence: `${name} on ${side}` },
  };
}

/** The steps of a mutation that happens while the tunnel is up. */
function changed({ during, duringAny, then = 'wait' }: Mutation, side: Gate, kind: DaemonKind): Step[] | undefined {
  const command = during?.[kind] ?? duringAny;
  return command === undefined ? undefined : [UP, { do: 'wait', seconds: 2 }, { do: 'run', side, command }, ...THEN[then]];
}

/** Replaces the words in braces by values of the gateway. */
function filler(works: Pick<Scenario, 'both' | 'west' | 'east'>, side: Gate): (mutation: Mutation) => Mutation {
  const peer: Side = side === 'west' ? 'east' : 'west';
  const { localNet, peerNet } = gatewayOf(works as Scenario, side).tunnels[0] as { localNet: string; peerNet: string };
  const [first = ''] = localNet.split('/');
  const [firstThere = ''] = peerNet.split('/');
  const after = (hosts: number, of = first): string => of.replace(/\d+$/, (last) => String(Number(last) + hosts));
  const words: Record<string, string> = {
    side, peer, Side: side.replace(/^./, (letter) => letter.toUpperCase()), hex: Buffer.from(side).toString('hex'),
    address: ADDRESS[side].host, peerAddress: ADDRESS[peer].host, net: localNet, peerNet, net0: first, net1: after(1), net32: after(32),
    peerNet0: firstThere, peerNet1: after(1, firstThere),
  };
  return (mutation) => JSON.parse(JSON.stringify(mutation).replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole)) as Mutation;
}
