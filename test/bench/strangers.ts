import { Random } from './random.js';
import { Stamps } from './stamp.js';

/** Milliseconds between two packets. */
const STEP = 20;

type Packet = (peer: string, number: number) => readonly string[];

/**
 * Lines about packets that anybody can send: from charon, from pluto without a matching connection, and from pluto with
 * a connection for any peer.
 */
const PACKETS: readonly [Packet, ...Packet[]] = [
  (peer, number) => [
    `charon: ${thread(number)}[NET] received packet: from ${peer}[500] to 192.0.2.1[500] (300 bytes)`,
    `charon: ${thread(number)}[ENC] parsed IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) ]`,
    `charon: ${thread(number)}[IKE] ${peer} is initiating an IKE_SA`,
  ],
  (peer, number) => [`charon: ${thread(number)}[IKE] no IKE config found for 192.0.2.1...${peer}, sending NO_PROPOSAL_CHOSEN`],
  (peer) => [`pluto[902]: packet from ${peer}:500: initial Main Mode message received on 192.0.2.1:500 but no connection has been authorized with policy PSK+IKEV1_ALLOW`],
  (peer, number) => [`pluto[902]: "anybody"[${number}] ${peer} #${number}: responding to Main Mode from unknown peer ${peer}:500`],
];

/**
 * Endless log of a gateway exposed to strangers: each packet comes from a new address and is never followed by another.
 */
export function* strangerLines(seed: number): Generator<string, never> {
  const random = new Random(seed);
  const stamps = new Stamps();
  for (let number = 1; ; number += 1) {
    const peer = `2001:db8:${random.hex(4)}::${random.hex(4)}:${random.hex(4)}`;
    for (const said of random.pick(PACKETS)(peer, number)) yield `${stamps.at(number * STEP)} gw1 ${said}`;
  }
}

const thread = (number: number): string => String(number % 16).padStart(2, '0');
