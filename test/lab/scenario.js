import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ADDRESS } from './network.js';
/** What is the same in all scenarios unless one says otherwise. */
const TUNNEL = {
    name: 'west-east',
    ike: 2,
    aggressive: false,
    mode: 'tunnel',
    auth: 'psk',
    user: 'dora',
    password: 'walnut-ferry-92',
    pool: null,
    sendCert: true,
    psk: 'lantern-orchard-velvet-48',
    ikeProposal: 'aes256-sha256-modp2048',
    espProposal: 'aes256-sha256-modp2048',
    dpd: 0,
    restart: false,
    virtualIp: false,
    extra: {},
};
const GATEWAY = {
    daemon: true, starts: true, load: true, ca: 'lab', crl: false, libipsec: false, timing: 'short', logfile: false, ikev1: true,
    setup: {}, files: {}, zone: 'UTC', clock: null,
    // as systemd sets it at boot
    queue: 512,
};
const SITE = {
    west: { id: 'west.example.com', net: '203.0.113.0/26' },
    east: { id: 'east.example.com', net: '203.0.113.64/26' },
    north: { id: 'north.example.com', net: '203.0.113.128/26' },
};
function ends(side) {
    const peer = side === 'east' ? 'west' : 'east';
    return {
        localAddress: ADDRESS[side].host,
        peerAddress: ADDRESS[peer].host,
        localId: SITE[side].id,
        peerId: SITE[peer].id,
        localNet: SITE[side].net,
        peerNet: SITE[peer].net,
        client: side !== 'east',
    };
}
/** A gateway as the scenario wants it, every default filled in. */
export function gatewayOf(scenario, side) {
    const merged = { ...scenario.both, ...scenario[side] };
    const { tunnels = [{}], ...rest } = merged;
    const whole = { ...TUNNEL, ...ends(side), ...GATEWAY, cert: side, ...rest };
    return { ...whole, tunnels: tunnels.map((tunnel) => ({ ...whole, ...tunnel })) };
}
/** The hosts of a scenario, the one that is asked to initiate first. */
export const sidesOf = (scenario) => (scenario.north ? ['west', 'north', 'east'] : ['west', 'east']);
export function readScenario(name) {
    const file = fileURLToPath(new URL(`./scenarios/${name}.json`, import.meta.url));
    return JSON.parse(readFileSync(file, 'utf8'));
}
