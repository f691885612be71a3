import { background, exec, must, writeFile, type Host } from './host.js';
import type { DaemonName } from './install.js';
import type { Gateway, Tunnel } from './scenario.js';
import type { Side } from './network.js';
import { pkiFile, PKCS12_PASSWORD } from './pki.js';
import { sleep, until } from './shell.js';

/** Libreswan spells SHA2 out, and so does every log of it. */
const spelled = (proposal: string): string => proposal.replaceAll('sha256', 'sha2_256').replaceAll('sha512', 'sha2_512');

/** The keyword that chooses the IKE version was renamed in 5.0. */
function version(tunnel: Tunnel, daemon: DaemonName): string {
  if (daemon === 'ls52') return `keyexchange=ikev${tunnel.ike}`;
  return `ikev2=${tunnel.ike === 2 ? 'insist' : 'no'}`;
}

function connection(tunnel: Tunnel, gateway: Gateway, daemon: DaemonName): string {
  const settings = [
    `left=${tunnel.localAddress}`,
    `leftid=@${tunnel.localId}`,
    `leftsubnet=${tunnel.localNet}`,
    `right=${tunnel.peerAddress}`,
    `rightid=@${tunnel.peerId}`,
    `rightsubnet=${tunnel.peerNet}`,
    version(tunnel, daemon),
    `ike=${spelled(tunnel.ikeProposal)}`,
    `esp=${spelled(tunnel.espProposal)}`,
    ...(tunnel.aggressive ? ['aggressive=yes'] : []),
    ...(tunnel.auth === 'psk' ? ['authby=secret'] : ['authby=rsasig', `leftcert=${gateway.cert}`, 'leftsendcert=always']),
    ...(gateway.timing === 'short' ? ['retransmit-timeout=8s'] : []),
    ...(tunnel.dpd ? [`dpddelay=${tunnel.dpd}s`, ...(tunnel.ike === 1 ? [`dpdtimeout=${tunnel.dpd * 3}s`] : [])] : []),
    `auto=${gateway.load ? 'add' : 'ignore'}`,
  ];
  return `conn ${tunnel.name}\n${settings.map((setting) => `\t${setting}\n`).join('')}\n`;
}

/** Without ikev1-policy=accept newer versions drop IKEv1 before they look for a connection. */
function setup(gateway: Gateway): string {
  const ikev1 = gateway.ikev1 ? '\tikev1-policy=accept\n' : '';
  return `config setup\n${ikev1}${gateway.logfile ? '\tlogfile=/var/log/pluto.log\n' : ''}\n`;
}

function secret(tunnel: Tunnel): string {
  if (tunnel.auth !== 'psk' || tunnel.psk === null) return '';
  return `@${tunnel.localId} @${tunnel.peerId} : PSK "${tunnel.psk}"\n`;
}

/** Writes everything pluto reads; certificates enter its database when the host runs. */
export function configureLibreswan(side: Side, daemon: DaemonName, gateway: Gateway & { tunnels: Tunnel[] }): void {
  const connections = gateway.tunnels.map((tunnel) => connection(tunnel, gateway, daemon)).join('');
  writeFile(side, '/etc/ipsec.conf', setup(gateway) + connections);
  writeFile(side, '/etc/ipsec.secrets', gateway.tunnels.map(secret).join(''));
  if (!gateway.tunnels.some((tunnel) => tunnel.auth === 'cert')) return;
  writeFile(side, '/etc/ipsec.d/gateway.p12', pkiFile(`${gateway.cert}.p12`));
  writeFile(side, '/etc/ipsec.d/ca.pem', pkiFile(`${gateway.ca}.pem`));
}

/** The peer's issuer is the one CA that counts: the database must trust it even if our own certificate has another. */
function importCertificates(host: Host): void {
  if (exec(host, 'test -e /etc/ipsec.d/gateway.p12').status !== 0) return;
  must(host, `pk12util -i /etc/ipsec.d/gateway.p12 -d sql:/var/lib/ipsec/nss -W ${PKCS12_PASSWORD} -K ''`);
  must(host, 'certutil -A -n trusted -t CT,, -i /etc/ipsec.d/ca.pem -d sql:/var/lib/ipsec/nss');
}

/** Starts pluto, and waits until the helper with which it loads its connections has done what it could. */
export async function startLibreswan(host: Host, gateway: Gateway): Promise<void> {
  must(host, 'mkdir -p /run/pluto /var/lib/ipsec/nss && ipsec initnss');
  importCertificates(host);
  background(host, 'ipsec pluto --config /etc/ipsec.conf --nofork');
  if (!gateway.starts) return sleep(2);
  await until('pluto', () => exec(host, 'ipsec whack --status && ! pidof addconn').status === 0);
}

/** What one asks whack for. */
export const LIBRESWAN = {
  initiate: (name: string, seconds: number): string => `timeout ${seconds} ipsec whack --initiate --name ${name}`,
  terminate: (name: string): string => `ipsec whack --terminate --name ${name}`,
  process: 'pluto',
};
