import type { DaemonMessage } from '../model/daemon-message.js';

/**
 * Equivalent commands where strongSwan is configured by ipsec.conf: `ipsec` uses charon's stroke socket, and swanctl is
 * often not even installed (compare ipsec(8) with swanctl(8)). strongSwan 4's pluto is controlled by the same `ipsec`,
 * which lacks the `auto` subcommand of FreeS/WAN, Openswan and Libreswan. Longer patterns come first.
 */
export const STARTER_COMMANDS: readonly (readonly [RegExp, string])[] = [
  [/swanctl --load-creds(?: --clear)?/g, 'ipsec rereadall'],
  [/swanctl --load-all/g, 'ipsec reload; ipsec rereadall'],
  [/swanctl --load-conns/g, 'ipsec reload'],
  [/swanctl --list-sas --ike /g, 'ipsec statusall '],
  [/swanctl --list-pols --trap/g, 'ipsec statusall'],
  [/swanctl --list-certs --flag ca/g, 'ipsec listcacerts'],
  [/grep -rnsE 'hw_offload\|replay_window\|esp_proposals' \/etc\/swanctl \/etc\/strongswan/g, "grep -nE '^[[:space:]]*(replay_window|esp)[[:space:]]*=' /etc/ipsec.conf"],
  [/swanctl --(?:list-sas|list-conns|list-pols|stats)/g, 'ipsec statusall'],
  [/swanctl --list-certs --type x509_crl/g, 'ipsec listcrls'],
  [/swanctl --list-certs(?: --type x509)?/g, 'ipsec listcerts'],
  [/swanctl --list-algs/g, 'ipsec listalgs'],
  [/grep -rnsE 'proposals\|rekey_time\|life_time' \/etc\/swanctl \/etc\/strongswan/g, "grep -nE '^[[:space:]]*(ike|esp|ikelifetime|lifetime|margintime)[[:space:]]*=' /etc/ipsec.conf"],
  [/grep -rns proposals \/etc\/swanctl \/etc\/strongswan/g, "grep -nE '^[[:space:]]*(ike|esp|ah)[[:space:]]*=' /etc/ipsec.conf"],
  [/swanctl --list-pools(?: --leases)?/g, 'ipsec leases'],
  [/grep -rns eap_id \/etc\/swanctl \/etc\/strongswan/g, 'grep -n eap_identity /etc/ipsec.conf'],
  [/swanctl --initiate --(?:ike|child) /g, 'ipsec up '],
  [/swanctl --terminate --(?:ike|child) /g, 'ipsec down '],
  [/swanctl --rekey --(?:ike|child) /g, 'ipsec stroke rekey '],
  [/(ipsec down \S+) --force/g, '$1'],
  [/ipsec auto --status/g, 'ipsec statusall'],
  [/ipsec auto --(?:add|replace|ready)(?: \S+)?/g, 'ipsec update'],
  [/ipsec auto --(up|down|route|unroute) /g, 'ipsec $1 '],
  [/ipsec auto --(rereadsecrets|listpubkeys|listcrls)/g, 'ipsec $1'],
  [/ipsec addconn --checkconfig/g, 'ipsec update'],
];

/** The equivalent command for a gateway whose daemons are run by strongSwan's starter. */
export function forStarter(command: string): string {
  return STARTER_COMMANDS.reduce((replaced, [swanctl, ipsec]) => replaced.replace(swanctl, ipsec), command);
}

/**
 * The command in both forms, for a gateway of which nothing tells how charon is configured: what is not installed fails,
 * and what is searched may be in either place.
 */
export function forEither(command: string): string {
  return command.includes('swanctl') ? command.split('; ').map(eitherForm).join('; ') : command;
}

function eitherForm(command: string): string {
  const other = forStarter(command);
  if (other === command) return command;
  return command.startsWith('grep') ? `${command}; ${other}` : `${command} || ${other.includes('; ') ? `{ ${other}; }` : other}`;
}

/**
 * Output of the starter, and of `ipsec up` through its socket, without a program name, as in containers and on
 * consoles.
 */
const STARTER = /^(?:Starting (?:strongSwan|weakSwan) \S{1,40} IPsec \[starter\]|charon \(\d{1,8}\) started after |establishing connection '[^']{1,200}' failed$|connection '[^']{1,200}' established successfully$)/;

/**
 * ipsec.conf names for settings of swanctl.conf. Where a text names settings for both files, the second is Libreswan's
 * and is dropped. Longer patterns come first.
 */
export const STARTER_SETTINGS: readonly (readonly [RegExp, string])[] = [
  [/sha256_96 = yes in swanctl\.conf, sha2-truncbug=yes in ipsec\.conf/, 'sha256_96=yes in ipsec.conf'],
  [/replay_window = 256 in swanctl\.conf, replay-window=256 in ipsec\.conf/, 'replay_window=256 in ipsec.conf'],
  [/ipcomp = yes in swanctl\.conf, compress=yes in ipsec\.conf/, 'compress=yes in ipsec.conf'],
  [/encap = yes in swanctl\.conf, encapsulation=yes in ipsec\.conf/, 'forceencaps=yes in ipsec.conf'],
  [/mark_out in swanctl\.conf, mark in ipsec\.conf/, 'mark in ipsec.conf'],
  [/vips = 0\.0\.0\.0 in the connection of swanctl\.conf, leftsourceip=%config in ipsec\.conf/, 'leftsourceip=%config in ipsec.conf'],
  [/vips \(leftsourceip= in ipsec\.conf\)/, 'leftsourceip='],
  [/vips from the connection in swanctl\.conf, leftsourceip from that in ipsec\.conf/, 'leftsourceip from the connection in ipsec.conf'],
  [/\(pools in swanctl\.conf, rightsourceip in ipsec\.conf\)/, '(rightsourceip=)'],
  [/\(pools; rightsourceip in ipsec\.conf\) and set its networks in remote_ts/, '(rightsourceip=) and set its networks in rightsubnet='],
  [/rekey_packets and esp proposals with esn in swanctl\.conf, ipsec-max-packets= and esn=yes in ipsec\.conf/, 'lifepackets= and esp= with esn in ipsec.conf'],
  [/unique = never in the connection \(uniqueids = never in ipsec\.conf\)/, 'uniqueids=never in ipsec.conf'],
  [/dpd_delay = 30s in the connection, dpd_action = restart \(start_action = trap\) in its children/, 'dpddelay=30s and dpdaction=restart (auto=route) in the connection'],
  [/\(start_action = none, auto=add\)/, '(auto=add)'],
  [/\(remote_addrs, right=\)/, '(right=)'],
  [/\(local\.id, leftid=\)/, '(leftid=)'],
  [/\(remote\.certs, rightcert=\)/, '(rightcert=)'],
  [/send_cert = always/, 'leftsendcert=always'],
  [/in the child: hw_offload = no, replay_window = 32/, 'in the connection: replay_window=32'],
  [/auth = eap-radius for the clients/, 'rightauth=eap-radius for the clients'],
  [/set aaa_id to/, 'set aaa_identity= to'],
  [/set eap_id in the remote section to %any/, 'set eap_identity= to %any'],
  [/as eap_id in its local section/, 'as eap_identity='],
  [/\(a section secrets\.xauth-\.\.\. with id and secret\)/, '(a line with XAUTH in ipsec.secrets)'],
  [/as xauth_id in its local section/, 'as xauth_identity='],
  [/remove eap_id from the clients' remote section/, "remove eap_identity= from the clients' connection"],
  [/\b(local|remote)\.auth = eap-\.\.\./g, '$1.auth=eap-...'],
  [/mobike = yes/, 'mobike=yes'],
  [/mode = tunnel or transport of the child/, 'type=tunnel or transport of the connection'],
  [/ \(id and id-2 of an ike section in secrets\)/, ' (a line with PSK in ipsec.secrets)'],
  [/\/etc\/swanctl\/x509ca/, '/etc/ipsec.d/cacerts'],
  [/Set rekey_time well before life_time/, 'Set margintime to start rekeying well before lifetime ends'],
  [/reauth_time = 0, rekey_time = 4h/, 'reauth=no'],
  [/rekey_time, life_time/, 'ikelifetime, lifetime'],
  [/version = 2 \(or 1\)/, 'keyexchange=ikev2 (or ikev1)'],
  [/version = 0 to accept both/, 'keyexchange=ike to accept both'],
  [/version = 1 or version = 2/, 'keyexchange=ikev1 or keyexchange=ikev2'],
  [/(aggressive|fragmentation) = yes/, '$1=yes'],
  [/\besp_proposals(?: of the child)?/g, 'esp= of the connection'],
  [/\bproposals of the connection\b/, 'ike= of the connection'],
  [/\bto proposals\b/, 'to ike= and esp='],
  [/\blocal\.(auth|id)\b/g, 'left$1'],
  [/\bremote\.(auth|id)\b/g, 'right$1'],
  [/\blocal_ts\b/g, 'leftsubnet'],
  [/\bremote_ts\b/g, 'rightsubnet'],
];

/** The equivalent advice for such a gateway. */
export function settingsOfStarter(advice: string): string {
  return STARTER_SETTINGS.reduce((replaced, [swanctl, ipsec]) => replaced.replace(swanctl, ipsec), advice);
}

/** Advice for a gateway of which nothing tells how charon is configured: with the names of ipsec.conf at the end. */
export function settingsOfEither(advice: string): string {
  const names: { readonly at: number; readonly name: string }[] = [];
  STARTER_SETTINGS.reduce((rest, [swanctl, ipsec]) => {
    if (rest.search(swanctl) < 0) return rest;
    const found = rest.match(new RegExp(swanctl.source, 'g')) ?? [];
    // What names both files, or both settings in parentheses, or is spelt alike, needs nothing more
    for (const text of found) {
      const name = settingsOfStarter(text.replace(new RegExp(swanctl.source), ipsec)).replace(/^ \((.*)\)$/, '$1').replace(/^to /, '');
      if (!/ipsec\.|=\)|^\(/.test(text) && name !== text.replaceAll(' = ', '=')) names.push({ at: advice.indexOf(text), name });
    }
    return rest.replace(swanctl, ipsec);
  }, advice);
  const inOrder = [...new Set(names.sort((one, other) => one.at - other.at).map(({ name }) => name))];
  const told = inOrder.filter((name) => !inOrder.some((other) => other !== name && other.startsWith(name)));
  return told.length === 0 ? advice : `${advice} With ipsec.conf: ${told.join(', ').replace(/\.$/, '')}.`;
}

/** Does charon log this in a way in which it does however it is configured? Console output has no program. */
export function isOfAnySetup({ daemon, record: { program } }: DaemonMessage): boolean {
  return daemon === 'charon' && (program === 'charon' || program === '');
}

/** Only vici is told of connections by swanctl and the like; charon-systemd has no other interface. */
export function showsVici({ daemon, group, thread, text, record: { program } }: DaemonMessage): boolean {
  if (daemon !== 'charon') return false;
  const isSwanctlOutput = program === 'swanctl' || (program === '' && group !== null && thread === null);
  return program === 'charon-systemd' || isSwanctlOutput || /^(?:(?:added |updated |removed |unloaded )?vici |loaded IKE shared key with id )/.test(text);
}

/**
 * Only the starter configures charon through its stroke socket, only its charon logs under the program name `ipsec`,
 * and only its pluto mentions strongSwan.
 */
export function showsStarter({ daemon, group, text, record: { program } }: DaemonMessage): boolean {
  if (daemon === 'pluto') return text.startsWith('Starting ') && text.includes('(strongSwan ');
  return daemon === 'charon' && (program === 'ipsec_starter' || program === 'ipsec' || (program === 'starter' && (group !== null || text.startsWith('charon '))) || STARTER.test(text) || text.startsWith('received stroke: ') || text.startsWith("added configuration '"));
}

const STARTER_COMMAND = /(?:^|[#$%>/ ])ipsec (?:up|down|route|unroute|reload|update|rereadall|rereadsecrets|statusall|leases|listalgs|stroke)(?: |$)/;

/** Is it a shell's echo of a command that goes through charon's stroke socket? Libreswan 5 has some of the same name. */
export function isStarterCommand(text: string): boolean {
  return text.length <= 400 && STARTER_COMMAND.test(text);
}
