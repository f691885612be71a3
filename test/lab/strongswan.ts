import { background, exec, must, writeFile, type Host } from './host.js';
import type { Gateway, Tunnel } from './scenario.js';
import type { Side } from './network.js';
import { pkiFile } from './pki.js';
import { until } from './shell.js';

const lines = (settings: readonly string[], indent: number): string =>
  settings.map((setting) => `${' '.repeat(indent)}${setting}\n`).join('');

const SHORT_TIMING = ['retransmit_timeout = 1', 'retransmit_base = 1.5', 'retransmit_tries = 3'];
const FILELOG = 'path = /var/log/charon.log\nike_name = yes\ntime_format = %b %e %T\nflush_line = yes'.split('\n');

/** The journal logger of charon-systemd stays when a file is configured; the daemon's own syslog logger would not. */
function strongswanConf(gateway: Gateway): string {
  const timing = gateway.timing === 'short' ? lines(SHORT_TIMING, 2) : '';
  const plugins = '  plugins {\n    include strongswan.d/charon/*.conf\n  }\n';
  const filelog = `  filelog {\n    charon {\n${lines(FILELOG, 6)}    }\n  }\n`;
  return `charon {\n  load_modular = yes\n${timing}${plugins}${filelog}}\ninclude strongswan.d/*.conf\n`;
}

/** The settings of one authentication round, for our end or the peer's. */
function round(tunnel: Tunnel, gateway: Gateway, whose: 'local' | 'remote'): string {
  const auth = tunnel.auth === 'psk' ? 'psk' : 'pubkey';
  const id = whose === 'local' ? tunnel.localId : tunnel.peerId;
  const cert = whose === 'local' && tunnel.auth === 'cert' ? `\n      certs = ${gateway.cert}.pem` : '';
  return `    ${whose} {\n      auth = ${auth}\n      id = ${id}${cert}\n    }\n`;
}

/** The settings that only some tunnels have. */
function extras(tunnel: Tunnel): string[] {
  return [
    ...(tunnel.aggressive ? ['aggressive = yes'] : []),
    ...(tunnel.dpd ? [`dpd_delay = ${tunnel.dpd}s`, `dpd_timeout = ${tunnel.dpd * 3}s`] : []),
    ...(tunnel.auth === 'cert' && tunnel.sendCert ? ['send_cert = always'] : []),
    ...(tunnel.restart ? ['keyingtries = 0'] : []),
  ];
}

function child(tunnel: Tunnel): string {
  const settings = [
    `local_ts = ${tunnel.localNet}`,
    `remote_ts = ${tunnel.peerNet}`,
    `esp_proposals = ${tunnel.espProposal}`,
    ...(tunnel.restart ? ['dpd_action = restart'] : []),
  ];
  return `    children {\n      ${tunnel.name} {\n${lines(settings, 8)}      }\n    }\n`;
}

function connection(tunnel: Tunnel, gateway: Gateway): string {
  const settings = [
    `version = ${tunnel.ike}`,
    `local_addrs = ${tunnel.localAddress}`,
    `remote_addrs = ${tunnel.peerAddress}`,
    `proposals = ${tunnel.ikeProposal}`,
    ...extras(tunnel),
  ];
  const rounds = round(tunnel, gateway, 'local') + round(tunnel, gateway, 'remote');
  return `  ${tunnel.name} {\n${lines(settings, 4)}${rounds}${child(tunnel)}  }\n`;
}

/** IKEv1 main mode looks secrets up by address, before it knows identities. Only the peer's: ours would fit every secret. */
function secret(tunnel: Tunnel, index: number): string {
  if (tunnel.auth !== 'psk' || tunnel.psk === null) return '';
  const owners = tunnel.ike === 1 ? [tunnel.peerId, tunnel.peerAddress] : [tunnel.peerId];
  const ids = owners.map((owner, n) => `id-${n} = ${owner}`);
  return `  ike-${index} {\n${lines([...ids, `secret = ${tunnel.psk}`], 4)}  }\n`;
}

function swanctlConf(gateway: Gateway & { tunnels: Tunnel[] }): string {
  const connections = gateway.tunnels.map((tunnel) => connection(tunnel, gateway)).join('');
  return `connections {\n${connections}}\nsecrets {\n${gateway.tunnels.map(secret).join('')}}\n`;
}

/** Writes everything charon-systemd and swanctl read. */
export function configureStrongswan(side: Side, gateway: Gateway & { tunnels: Tunnel[] }): void {
  writeFile(side, '/etc/strongswan.conf', strongswanConf(gateway));
  writeFile(side, '/etc/swanctl/swanctl.conf', swanctlConf(gateway));
  if (gateway.libipsec) writeFile(side, '/etc/strongswan.d/charon/kernel-libipsec.conf', 'kernel-libipsec {\n  load = yes\n}\n');
  if (!gateway.tunnels.some((tunnel) => tunnel.auth === 'cert')) return;
  writeFile(side, `/etc/swanctl/x509/${gateway.cert}.pem`, pkiFile(`${gateway.cert}.pem`));
  writeFile(side, `/etc/swanctl/private/${gateway.cert}.key`, pkiFile(`${gateway.cert}.key`));
  writeFile(side, `/etc/swanctl/x509ca/${gateway.ca}.pem`, pkiFile(`${gateway.ca}.pem`));
}

/** Starts the daemon and loads its connections. The socket file outlives a killed daemon, so the daemon itself is asked. */
export async function startStrongswan(host: Host, gateway: Gateway): Promise<void> {
  background(host, '/usr/sbin/charon-systemd');
  await until('charon', () => exec(host, 'swanctl --stats').status === 0);
  if (gateway.load) must(host, 'swanctl --load-all --noprompt');
  else must(host, 'swanctl --load-creds --noprompt');
}

/** What one asks swanctl for. A client that waits longer than the daemon tries is only in the way. */
export const STRONGSWAN = {
  initiate: (name: string, seconds: number): string => `swanctl --initiate --child ${name} --timeout ${seconds}`,
  terminate: (name: string): string => `swanctl --terminate --ike ${name} --timeout 10`,
  process: 'charon-systemd',
};
