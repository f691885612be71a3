import { exec, writeFile, type Host } from './host.js';
import { identity } from './libreswan.js';
import type { Side } from './network.js';
import type { Tunnel, WholeGateway } from './scenario.js';
import { until } from './shell.js';
import { writeCertificates } from './starter.js';

/**
 * IKEv2 with SHA2 crashes Openswan, so older hashes replace it. The key exchange group is a separate part, and only `!`
 * rejects what is not listed.
 */
const spelled = (proposal: string): string => proposal.replace('sha256', 'sha1').replace('sha512', 'md5').replace(/-(?=modp|dh)/, ';');

/** The XAuth client gets no address: the server has none to assign. */
function authentication(tunnel: Tunnel, cert: string): string[] {
  if (tunnel.auth === 'cert') return ['authby=rsasig', `leftcert=${cert}.pem`, 'leftsendcert=always', 'rightrsasigkey=%cert'];
  const ends = tunnel.client ? ['leftxauthclient=yes', 'rightxauthserver=yes', `leftxauthusername=${tunnel.user}`] : ['leftxauthserver=yes', 'rightxauthclient=yes'];
  return tunnel.auth === 'xauth' ? ['authby=secret', ...ends] : ['authby=secret'];
}

function connection(tunnel: Tunnel, { cert, load }: WholeGateway): string {
  const settings = [
    `left=${tunnel.localAddress}`,
    `leftid=${identity(tunnel.localId)}`,
    `right=${tunnel.peerAddress}`,
    `rightid=${identity(tunnel.peerId)}`,
    ...(tunnel.mode === 'transport' ? ['type=transport'] : [`leftsubnet=${tunnel.localNet}`, `rightsubnet=${tunnel.peerNet}`]),
    `ikev2=${tunnel.ike === 2 ? 'insist' : 'never'}`,
    `ike=${spelled(tunnel.ikeProposal)}!`,
    `phase2alg=${spelled(tunnel.espProposal)}`,
    ...(tunnel.aggressive ? ['aggrmode=yes'] : []),
    ...authentication(tunnel, cert),
    ...(tunnel.dpd ? [`dpddelay=${tunnel.dpd}`, `dpdtimeout=${tunnel.dpd * 3}`, 'dpdaction=clear'] : []),
    ...(tunnel.extra.openswan ?? []),
    `auto=${load ? 'add' : 'ignore'}`,
  ];
  return `conn ${tunnel.name}\n${settings.map((setting) => `\t${setting}\n`).join('')}\n`;
}

function secret(tunnel: Tunnel, cert: string): string {
  const password = tunnel.auth === 'xauth' && tunnel.client ? `@${tunnel.user} : XAUTH "${tunnel.password}"\n` : '';
  if (tunnel.auth === 'cert') return `: RSA ${cert}.key\n`;
  if (tunnel.psk === null) return password;
  const owners = [identity(tunnel.localId), tunnel.localAddress, identity(tunnel.peerId), tunnel.peerAddress];
  return `${owners.join(' ')} : PSK "${tunnel.psk}"\n${password}`;
}

/** Writes everything that setup and pluto read. */
function configure(side: Side, gateway: WholeGateway): void {
  const setup = ['protostack=netkey', 'nat_traversal=yes', 'oe=off', ...(gateway.setup.openswan ?? [])];
  const connections = gateway.tunnels.map((tunnel) => connection(tunnel, gateway)).join('');
  writeFile(side, '/etc/ipsec.conf', `version 2.0\nconfig setup\n${setup.map((setting) => `\t${setting}\n`).join('')}\n${connections}`);
  writeFile(side, '/etc/ipsec.secrets', gateway.tunnels.map((tunnel) => secret(tunnel, gateway.cert)).join(''));
  writeCertificates(side, gateway);
}

/** XAuth passwords hashed for crypt(3). */
function writePasswords(host: Host, gateway: WholeGateway): void {
  for (const { auth, client, user, password, name } of gateway.tunnels)
    if (auth === 'xauth' && !client) exec(host, `echo "${user}:$(openssl passwd -1 '${password}'):${name}" >> /etc/ipsec.d/passwd`);
}

/** Starts it like an init script; its scripts and pluto log to syslog. */
async function start(host: Host, gateway: WholeGateway): Promise<void> {
  writePasswords(host, gateway);
  exec(host, 'mkdir -p /var/run/pluto /var/lock/subsys; ipsec setup start > /dev/null 2>&1');
  const loaded = gateway.load && gateway.starts ? ' | grep -q "\\.\\.\\."' : '';
  await until('pluto', () => exec(host, `ipsec auto --status${loaded}`).status === 0, 20);
}

/** Openswan's scripts around pluto. Retransmission cannot be shortened: an attempt takes 70 seconds. */
export const SETUP = {
  configure,
  start,
  stop: 'ipsec setup stop',
  initiate: (name: string, seconds: number): string => `timeout ${seconds} ipsec auto --up ${name}`,
  terminate: (name: string): string => `ipsec auto --down ${name}`,
  rekey: (name: string): string => `timeout 15 ipsec auto --up ${name}`,
  process: 'pluto',
  patience: 80,
};
