import { exec, background, without, writeFile, type Host } from './host.js';
import type { Gateway, Tunnel, WholeGateway } from './scenario.js';
import type { Side } from './network.js';
import { AS_SHIPPED, LOG_LEVEL } from './paths.js';
import { pkiFile, revocations, REVOCATIONS } from './pki.js';
import { until } from './shell.js';

export const lines = (settings: readonly string[], indent: number): string =>
  settings.map((setting) => `${' '.repeat(indent)}${setting}\n`).join('');

const TIMING = {
  short: ['retransmit_timeout = 1', 'retransmit_base = 1.5', 'retransmit_tries = 3'],
  slow: ['retransmit_timeout = 3', 'retransmit_base = 1.2', 'retransmit_tries = 3'],
  default: [],
} as const;
const FILELOG = 'path = /var/log/charon.log\nike_name = yes\ntime_format = %b %e %T\nflush_line = yes'.split('\n');

/**
 * Writes strongswan.conf. charon-systemd keeps logging to the journal if a file is configured; charon's syslog logger
 * would not, so no file is configured for starter.
 */
export function writeStrongswanConf(side: Side, gateway: Gateway, kind: 'charon' | 'starter', release = 6): void {
  const own = lines([...TIMING[gateway.timing], ...(gateway.setup[kind] ?? [])], 2);
  // With a missing include folder, an old release discards the whole section
  const plugins = release < 5 ? '' : '  plugins {\n    include strongswan.d/charon/*.conf\n  }\n';
  writeFile(side, '/etc/strongswan.conf', `charon {\n  load_modular = yes\n${own}${plugins}${kind === 'charon' ? filelog() : syslog()}}\n${kind === 'charon' ? journal() : ''}${release < 5 ? '' : 'include strongswan.d/*.conf\n'}`);
  if (gateway.libipsec) writeFile(side, '/etc/strongswan.d/charon/kernel-libipsec.conf', 'kernel-libipsec {\n  load = yes\n}\n');
}

const LEVEL = LOG_LEVEL === AS_SHIPPED ? [] : [`default = ${LOG_LEVEL}`];
const filelog = (): string => `  filelog {\n    charon {\n${lines([...FILELOG, ...LEVEL], 6)}    }\n  }\n`;
const syslog = (): string => (LEVEL.length === 0 ? '' : `  syslog {\n    daemon {\n${lines(LEVEL, 6)}    }\n  }\n`);
const journal = (): string => (LEVEL.length === 0 ? '' : `charon-systemd {\n  journal {\n${lines(LEVEL, 4)}  }\n}\n`);

/** Settings of one authentication round, for our end or the peer's. */
function round(tunnel: Tunnel, gateway: Gateway, whose: 'local' | 'remote'): string {
  const ours = whose === 'local';
  const method = methodOf(tunnel, ours === tunnel.client);
  const settings = [
    `auth = ${method}`,
    `id = ${ours ? tunnel.localId : tunnel.peerId}`,
    ...(ours && method === 'pubkey' ? [`certs = ${gateway.cert}.pem`] : []),
    ...(method === 'eap-mschapv2' ? [`eap_id = ${ours ? tunnel.user : '%any'}`] : []),
    ...(tunnel.extra[whose] ?? []),
  ];
  const xauth = tunnel.auth === 'xauth' && ours === tunnel.client;
  const second = `    ${whose}-xauth {\n      auth = xauth\n${ours ? `      xauth_id = ${tunnel.user}\n` : ''}    }\n`;
  return `    ${whose} {\n${lines(settings, 6)}    }\n${xauth ? second : ''}`;
}

/** What one end authenticates with: the client of EAP a password, its server a certificate. */
function methodOf(tunnel: Tunnel, client: boolean): string {
  if (tunnel.auth === 'eap') return client ? 'eap-mschapv2' : 'pubkey';
  return tunnel.auth === 'cert' ? 'pubkey' : 'psk';
}

/** Settings that only some tunnels need. */
function extras(tunnel: Tunnel): string[] {
  return [
    ...(tunnel.aggressive ? ['aggressive = yes'] : []),
    ...(tunnel.dpd ? [`dpd_delay = ${tunnel.dpd}s`, `dpd_timeout = ${tunnel.dpd * 3}s`] : []),
    ...(['cert', 'eap'].includes(tunnel.auth) && tunnel.sendCert ? ['send_cert = always'] : []),
    ...(tunnel.restart ? ['keyingtries = 0'] : []),
    ...(tunnel.virtualIp && tunnel.client ? ['vips = 0.0.0.0'] : []),
    ...(tunnel.pool && !tunnel.client ? [`pools = ${tunnel.name}`] : []),
    ...(tunnel.extra.charon ?? []),
  ];
}

function child(tunnel: Tunnel): string {
  const dynamic = (whose: boolean): boolean => tunnel.mode === 'transport' || (tunnel.virtualIp && whose);
  const settings = [
    ...(dynamic(tunnel.client) ? [] : [`local_ts = ${tunnel.localNet}`]),
    ...(dynamic(!tunnel.client) ? [] : [`remote_ts = ${tunnel.peerNet}`]),
    ...(tunnel.mode === 'transport' ? ['mode = transport'] : []),
    `esp_proposals = ${tunnel.espProposal}`,
    ...(tunnel.restart ? ['dpd_action = restart'] : []),
    ...(tunnel.extra.child ?? []),
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

/**
 * In IKEv1 Main Mode secrets are looked up by address, before identities are known. Only the peer's address is given:
 * ours would match every secret.
 */
function secret(tunnel: Tunnel, index: number): string {
  const password = `  ${tunnel.auth}-${index} {\n    id = ${tunnel.user}\n    secret = ${tunnel.password}\n  }\n`;
  if (tunnel.auth === 'eap') return password;
  if (tunnel.auth === 'cert' || tunnel.psk === null) return '';
  const owners = tunnel.ike === 1 ? [tunnel.peerId, tunnel.peerAddress] : [tunnel.peerId];
  const ids = owners.filter((owner) => owner !== '%any').map((owner, n) => `id-${n} = ${owner}`);
  return `  ike-${index} {\n${lines([...ids, `secret = ${tunnel.psk}`], 4)}  }\n${tunnel.auth === 'xauth' ? password : ''}`;
}

function swanctlConf(gateway: WholeGateway): string {
  const connections = gateway.tunnels.map((tunnel) => connection(tunnel, gateway)).join('');
  const pools = gateway.tunnels.flatMap(({ name, pool, client }) => (pool && !client ? [`  ${name} {\n    addrs = ${pool}\n  }\n`] : []));
  return `connections {\n${connections}}\nsecrets {\n${gateway.tunnels.map(secret).join('')}}\npools {\n${pools.join('')}}\n`;
}

/** Writes everything charon-systemd and swanctl read. */
function configure(side: Side, gateway: WholeGateway): void {
  writeStrongswanConf(side, gateway, 'charon');
  writeFile(side, '/etc/swanctl/swanctl.conf', swanctlConf(gateway));
  if (!gateway.tunnels.some(({ auth }) => auth === 'cert' || auth === 'eap')) return;
  writeFile(side, `/etc/swanctl/x509/${gateway.cert}.pem`, pkiFile(`${gateway.cert}.pem`));
  writeFile(side, `/etc/swanctl/private/${gateway.cert}.key`, pkiFile(`${gateway.cert}.key`));
  writeFile(side, `/etc/swanctl/x509ca/${gateway.ca}.pem`, pkiFile(`${gateway.ca}.pem`));
  if (gateway.crl) writeFile(side, `/etc/swanctl/x509crl/${REVOCATIONS}`, revocations(gateway.crl));
}

/**
 * Starts the daemon and loads its connections, as far as it accepts them. swanctl's output goes to the journal, as with
 * the service unit. The socket outlives a killed daemon, so readiness is checked by asking the daemon.
 */
async function start(host: Host, gateway: Gateway): Promise<void> {
  background(host, without(gateway.lacks, '/usr/sbin/charon-systemd'), gateway.clock);
  await until('charon', () => exec(host, 'swanctl --stats').status === 0, gateway.timing === 'slow' ? 60 : 20);
  exec(host, `systemd-cat -t swanctl swanctl ${gateway.load ? '--load-all' : '--load-creds'} --noprompt`);
}

/**
 * charon-systemd with swanctl. Clients get a timeout: waiting longer than the daemon tries would only be in the way.
 */
export const SWANCTL = {
  configure,
  start,
  stop: 'kill -TERM $(pidof charon-systemd)',
  initiate: (name: string, seconds: number): string => `swanctl --initiate --child ${name} --timeout ${seconds}`,
  terminate: (name: string): string => `swanctl --terminate --ike ${name} --timeout 10`,
  rekey: (name: string, what: 'ike' | 'child'): string => `swanctl --rekey --${what} ${name}`,
  process: 'charon-systemd',
  patience: 0,
};
