import { background, exec, must, without, writeFile, type Host } from './host.js';
import { releaseOf, type DaemonName } from './install.js';
import type { Gateway, Tunnel, WholeGateway } from './scenario.js';
import type { Side } from './network.js';
import { AS_SHIPPED, LOG_LEVEL } from './paths.js';
import { pkiFile, revocations, REVOCATIONS, PKCS12_PASSWORD } from './pki.js';
import { sleep, until } from './shell.js';

const TIMING = { short: ['retransmit-timeout=8s'], slow: ['retransmit-interval=3000', 'retransmit-timeout=14s'], default: [] } as const;

/**
 * Libreswan's spelling of a proposal, in which SHA2 is spelled out. Several groups form one part of it, which old
 * releases separate by a semicolon.
 */
function spelled(proposal: string, daemon: DaemonName): string {
  const modern = proposal.replaceAll('sha256', 'sha2_256').replaceAll('sha512', 'sha2_512').replaceAll(/(modp\d+)-(?=modp)/g, '$1+');
  return releaseOf(daemon) < 3.2 ? modern.replace('-modp', ';modp') : modern;
}

/**
 * Location of the certificate database: newer packages have a folder for it, older releases keep it with the
 * configuration.
 */
const NSS = '$(test -d /var/lib/ipsec/nss && echo /var/lib/ipsec/nss || echo /etc/ipsec.d)';

/** Any address of this host, which pluto needs to be told explicitly, unlike charon. */
const own = (address: string): string => (address === '%any' ? '%defaultroute' : address);

/** An identity with `@`, because pluto would resolve a plain name to an address. */
export const identity = (id: string): string => (id.startsWith('%') ? id : `@${id}`);

/** The keyword that selects the IKE version was renamed in 5.0. */
function version(tunnel: Tunnel, daemon: DaemonName): string {
  if (releaseOf(daemon) >= 5) return `keyexchange=ikev${tunnel.ike}`;
  return `ikev2=${tunnel.ike === 2 ? 'insist' : 'no'}`;
}

/**
 * Traffic selectors: the networks, an address assigned to the client, or only the hosts themselves in transport mode.
 */
function selectors(tunnel: Tunnel): string[] {
  if (tunnel.mode === 'transport') return ['type=transport'];
  const client = tunnel.virtualIp && tunnel.client ? ['leftmodecfgclient=yes', 'rightmodecfgserver=yes', 'modecfgpull=yes'] : [`leftsubnet=${tunnel.localNet}`];
  const server = tunnel.pool && !tunnel.client ? ['leftmodecfgserver=yes', 'rightmodecfgclient=yes', 'modecfgpull=yes', `rightaddresspool=${tunnel.pool}`] : [`rightsubnet=${tunnel.peerNet}`];
  return [...client, ...server];
}

function authentication(tunnel: Tunnel, gateway: Gateway): string[] {
  const ends = tunnel.client ? ['leftxauthclient=yes', 'rightxauthserver=yes', `leftusername=${tunnel.user}`] : ['leftxauthserver=yes', 'rightxauthclient=yes', 'xauthby=file'];
  if (tunnel.auth === 'cert') return ['authby=rsasig', `leftcert=${gateway.cert}`, 'leftsendcert=always'];
  return tunnel.auth === 'xauth' ? ['authby=secret', ...ends] : ['authby=secret'];
}

function connection(tunnel: Tunnel, gateway: Gateway, daemon: DaemonName): string {
  const settings = [
    `left=${own(tunnel.localAddress)}`,
    `leftid=${identity(tunnel.localId)}`,
    `right=${tunnel.peerAddress}`,
    `rightid=${identity(tunnel.peerId)}`,
    ...selectors(tunnel),
    version(tunnel, daemon),
    `ike=${spelled(tunnel.ikeProposal, daemon)}`,
    `esp=${spelled(tunnel.espProposal, daemon)}`,
    ...(tunnel.aggressive ? [releaseOf(daemon) >= 3.2 ? 'aggressive=yes' : 'aggrmode=yes'] : []),
    ...authentication(tunnel, gateway),
    ...TIMING[gateway.timing],
    ...(tunnel.dpd ? [`dpddelay=${tunnel.dpd}s`, ...(tunnel.ike === 1 ? [`dpdtimeout=${tunnel.dpd * 3}s`] : [])] : []),
    `auto=${gateway.load ? 'add' : 'ignore'}`,
  ];
  return `conn ${tunnel.name}\n${replaced(settings, tunnel.extra.pluto ?? []).map((setting) => `\t${setting}\n`).join('')}\n`;
}

/**
 * Settings of a scenario replace the defaults, because a duplicate key is an error. A scenario that wants that error
 * sets the key twice.
 */
function replaced(settings: readonly string[], extra: readonly string[]): string[] {
  const keys = new Set(extra.map((setting) => setting.split('=')[0]));
  return [...settings.filter((setting) => !keys.has(setting.split('=')[0])), ...extra];
}

/** Without ikev1-policy=accept newer versions drop IKEv1 before they look for a connection. */
function setup(gateway: Gateway, daemon: DaemonName): string {
  const settings = [
    ...(gateway.ikev1 && releaseOf(daemon) >= 4 ? ['ikev1-policy=accept'] : []),
    ...(LOG_LEVEL > AS_SHIPPED ? ['plutodebug=all'] : []),
    ...(gateway.logfile ? ['logfile=/var/log/pluto.log'] : []),
    ...(gateway.setup.pluto ?? []),
  ];
  return `config setup\n${settings.map((setting) => `\t${setting}\n`).join('')}\n`;
}

function secret(tunnel: Tunnel): string {
  const password = tunnel.auth === 'xauth' && tunnel.client ? `@${tunnel.user} : XAUTH "${tunnel.password}"\n` : '';
  if (tunnel.auth === 'cert' || tunnel.psk === null) return password;
  return `${identity(tunnel.localId)} ${identity(tunnel.peerId)} : PSK "${tunnel.psk}"\n${password}`;
}

/** Writes everything pluto reads; certificates are imported into its database once the host runs. */
function configure(side: Side, gateway: WholeGateway, daemon: DaemonName): void {
  const connections = gateway.tunnels.map((tunnel) => connection(tunnel, gateway, daemon)).join('');
  writeFile(side, '/etc/ipsec.conf', setup(gateway, daemon) + connections);
  writeFile(side, '/etc/ipsec.secrets', gateway.tunnels.map(secret).join(''));
  if (!gateway.tunnels.some((tunnel) => tunnel.auth === 'cert')) return;
  writeFile(side, '/etc/ipsec.d/gateway.p12', pkiFile(`${gateway.cert}.p12`));
  writeFile(side, '/etc/ipsec.d/ca.pem', pkiFile(`${gateway.ca}.pem`));
  if (gateway.crl) writeFile(side, `/etc/ipsec.d/${REVOCATIONS}`, revocations(gateway.crl));
}

/** The CA to trust is the one that issued the peer's certificate; our own certificate may come from another. */
function importCertificates(host: Host): void {
  if (exec(host, 'test -e /etc/ipsec.d/gateway.p12').status !== 0) return;
  must(host, `pk12util -i /etc/ipsec.d/gateway.p12 -d sql:${NSS} -W ${PKCS12_PASSWORD} -K ''`);
  must(host, `certutil -A -n trusted -t CT,, -i /etc/ipsec.d/ca.pem -d sql:${NSS}`);
  const list = `/etc/ipsec.d/${REVOCATIONS}`;
  if (exec(host, `test -e ${list}`).status === 0) must(host, `crlutil -I -B -i ${list} -d sql:${NSS}`);
}

/**
 * XAuth passwords hashed for crypt(3) by the host's own openssl, the only one that knows which hashes its library
 * supports.
 */
function writePasswords(host: Host, gateway: WholeGateway): void {
  for (const { auth, client, user, password, name } of gateway.tunnels)
    if (auth === 'xauth' && !client) must(host, `echo "${user}:$(openssl passwd -5 '${password}'):${name}" >> /etc/ipsec.d/passwd`);
}

/** Starts pluto, and waits until its helper has loaded the connections, as far as possible. */
async function start(host: Host, gateway: WholeGateway): Promise<void> {
  // Not on a restart; newer packages come with an empty database
  if (exec(host, 'test -e /etc/ipsec.d/prepared').status !== 0) {
    must(host, `mkdir -p /run/pluto; test -e ${NSS}/cert9.db || ipsec initnss; touch /etc/ipsec.d/prepared`);
    importCertificates(host);
    writePasswords(host, gateway);
  }
  // Like the service unit: the check reports errors in the file, in which case pluto is not started
  const check = exec(host, 'systemd-cat -t addconn ipsec addconn --config /etc/ipsec.conf --checkconfig');
  if (check.status !== 0) return;
  // What pluto prints before it starts logging goes to the journal too
  background(host, without(gateway.lacks, 'systemd-cat -t pluto ipsec pluto --config /etc/ipsec.conf --nofork'), gateway.clock);
  if (!gateway.starts) return sleep(2);
  await until('pluto', () => exec(host, 'ipsec whack --status && ! pidof addconn').status === 0, gateway.timing === 'slow' ? 60 : 20);
}

/** pluto with whack. */
export const WHACK = {
  configure,
  start,
  stop: 'ipsec whack --shutdown',
  initiate: (name: string, seconds: number): string => `timeout ${seconds} ipsec whack --initiate --name ${name}`,
  terminate: (name: string): string => `ipsec whack --terminate --name ${name}`,
  // Before 4.0 there was no such command, but a second initiation renewed the keys of IKEv1
  rekey: (name: string, what: 'ike' | 'child'): string => `timeout 15 sh -c 'ipsec whack --rekey-${what === 'ike' ? 'ike' : 'ipsec'} --name ${name} || ipsec whack --initiate --name ${name}'`,
  process: 'pluto',
  patience: 0,
};
