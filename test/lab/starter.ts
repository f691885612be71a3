import { background, exec, without, writeFile, type Host } from './host.js';
import type { Gateway, Tunnel, WholeGateway } from './scenario.js';
import { releaseOf, type DaemonName } from './install.js';
import type { Side } from './network.js';
import { pkiFile, revocations, REVOCATIONS } from './pki.js';
import { until } from './shell.js';
import { writeStrongswanConf } from './strongswan.js';

/** How each end authenticates: the client of EAP or XAuth with a password, the server of EAP with a certificate. */
function authentication(tunnel: Tunnel, gateway: Gateway): string[] {
  const certificate = [`leftcert=${gateway.cert}.pem`, 'leftsendcert=always'];
  switch (tunnel.auth) {
    case 'psk':
      return ['authby=secret'];
    case 'cert':
      return ['authby=pubkey', ...certificate];
    case 'xauth':
      return ['authby=xauthpsk', `xauth=${tunnel.client ? 'client' : 'server'}`, ...(tunnel.client ? [`xauth_identity=${tunnel.user}`] : [])];
    case 'eap':
      if (tunnel.client) return ['leftauth=eap-mschapv2', 'rightauth=pubkey', `eap_identity=${tunnel.user}`];
      return ['leftauth=pubkey', 'rightauth=eap-mschapv2', 'eap_identity=%any', ...certificate];
  }
}

/**
 * Traffic selectors: the networks, an address assigned to the client, or only the hosts themselves in transport mode.
 */
function selectors(tunnel: Tunnel): string[] {
  if (tunnel.mode === 'transport') return ['type=transport'];
  return [
    tunnel.virtualIp && tunnel.client ? 'leftsourceip=%config' : `leftsubnet=${tunnel.localNet}`,
    tunnel.pool && !tunnel.client ? `rightsourceip=${tunnel.pool}` : `rightsubnet=${tunnel.peerNet}`,
  ];
}

function connection(tunnel: Tunnel, gateway: Gateway): string {
  const settings = [
    `keyexchange=ikev${tunnel.ike}`,
    `left=${tunnel.localAddress}`,
    `leftid=${tunnel.localId}`,
    `right=${tunnel.peerAddress}`,
    `rightid=${tunnel.peerId}`,
    ...selectors(tunnel),
    `ike=${tunnel.ikeProposal}!`,
    `esp=${tunnel.espProposal}!`,
    ...authentication(tunnel, gateway),
    ...(tunnel.aggressive ? ['aggressive=yes'] : []),
    ...(tunnel.dpd ? [`dpdaction=${tunnel.restart ? 'restart' : 'clear'}`, `dpddelay=${tunnel.dpd}s`, `dpdtimeout=${tunnel.dpd * 3}s`] : []),
    ...(tunnel.extra.starter ?? []),
    `auto=${gateway.load ? 'add' : 'ignore'}`,
  ];
  return `conn ${tunnel.name}\n${settings.map((setting) => `\t${setting}\n`).join('')}\n`;
}

/** Before 5.0 IKEv1 was handled by pluto, which needs both ends of a secret named. */
function owners(tunnel: Tunnel, daemon: DaemonName): string[] {
  if (tunnel.ike === 2) return [tunnel.peerId];
  const ours = releaseOf(daemon) < 5 ? [tunnel.localId, tunnel.localAddress] : [];
  return [...ours, tunnel.peerId, tunnel.peerAddress];
}

function secret(tunnel: Tunnel, gateway: Gateway, daemon: DaemonName): string {
  const password = `${tunnel.user} : ${tunnel.auth === 'eap' ? 'EAP' : 'XAUTH'} "${tunnel.password}"\n`;
  if (tunnel.auth === 'cert') return `: RSA ${gateway.cert}.key\n`;
  if (tunnel.auth === 'eap') return tunnel.client ? password : `: RSA ${gateway.cert}.key\n${password}`;
  const shared = tunnel.psk === null ? '' : `${owners(tunnel, daemon).join(' ')} : PSK "${tunnel.psk}"\n`;
  return `${shared}${tunnel.auth === 'xauth' ? password : ''}`;
}

/** Writes everything starter and charon read. */
function configure(side: Side, gateway: WholeGateway, daemon: DaemonName): void {
  writeStrongswanConf(side, gateway, 'starter', releaseOf(daemon));
  const setup = releaseOf(daemon) < 5 ? '\tnat_traversal=yes\n' : '';
  writeFile(side, '/etc/ipsec.conf', `config setup\n${setup}\n${gateway.tunnels.map((tunnel) => connection(tunnel, gateway)).join('')}`);
  writeFile(side, '/etc/ipsec.secrets', gateway.tunnels.map((tunnel) => secret(tunnel, gateway, daemon)).join(''));
  writeCertificates(side, gateway);
}

/** Writes certificates to the default locations of FreeS/WAN and its descendants. */
export function writeCertificates(side: Side, gateway: Gateway): void {
  writeFile(side, `/etc/ipsec.d/certs/${gateway.cert}.pem`, pkiFile(`${gateway.cert}.pem`));
  writeFile(side, `/etc/ipsec.d/private/${gateway.cert}.key`, pkiFile(`${gateway.cert}.key`));
  writeFile(side, `/etc/ipsec.d/cacerts/${gateway.ca}.pem`, pkiFile(`${gateway.ca}.pem`));
  if (gateway.crl) writeFile(side, `/etc/ipsec.d/crls/${REVOCATIONS}`, revocations(gateway.crl));
}

/**
 * Starts it like the service unit does: output of starter and charon goes to the journal, as a second copy of every
 * line. Releases that still have pluto are started like an init script does, because with --nofork pluto logs to
 * nothing else.
 */
async function start(host: Host, gateway: Gateway): Promise<void> {
  const withPluto = exec(host, 'test -x /usr/lib/ipsec/pluto').status === 0;
  background(host, without(gateway.lacks, withPluto ? 'ipsec start' : 'systemd-cat -t ipsec /usr/sbin/ipsec start --nofork'), gateway.clock);
  const loaded = gateway.load && gateway.starts ? " && ipsec statusall | grep -q '\\.\\.\\.'" : '';
  await until('starter', () => exec(host, `ipsec status${loaded}`).status === 0, gateway.timing === 'slow' ? 60 : 20);
}

/** starter with ipsec.conf. There is no rekey command; use short lifetimes instead. */
export const STARTER = {
  configure,
  start,
  stop: 'ipsec stop',
  initiate: (name: string, seconds: number): string => `timeout ${seconds} ipsec up ${name}`,
  terminate: (name: string): string => `ipsec down ${name}`,
  rekey: (): string => 'true',
  process: 'charon',
  patience: 0,
};
