import type { Daemon } from './daemons.js';

/**
 * Programs that tell what becomes of a tunnel's packets: they relay messages of the kernel, its audit system and the
 * firewalls, or, like xl2tpd, use a tunnel.
 */
export const KERNEL_PROGRAMS: readonly string[] = ['kernel', 'klogd', 'audit', 'audispd', 'ulogd', 'filterlog', 'xl2tpd'];

/** Syslog program names that belong to one project only, by the daemon whose messages they write. */
export const DAEMON_PROGRAMS: Readonly<Record<Exclude<Daemon, 'kernel'>, readonly string[]>> = {
  charon: ['charon', 'charon-systemd', 'charon-nm', 'charon-cmd', 'strongswan', 'strongswan-starter', 'strongswan-swanctl', 'swanctl', 'ipsec_starter'],
  pluto: ['pluto', 'Pluto', 'ipsec__plutorun', '_plutorun', '_plutoload', 'ipsec_setup', 'addconn', 'libipsecconf', 'whack', 'ipsec_whack'],
  racoon: ['racoon', 'racoonctl', 'racoon-tool', 'setkey'],
};

/** A command that both strongSwan and the pluto family have. */
export const SHARED_PROGRAM = 'ipsec';

/** Program name for lines of RouterOS, which contain none: its IKEv1 derives from racoon, with its own settings. */
export const ROUTEROS = 'routeros';

/** Program names for lines of Meraki's event log, which contain none. */
export const MERAKI = { charon: 'meraki-charon', racoon: 'meraki-racoon' } as const;

/** Program names for entries of clouds' VPN services, which contain none. */
export const CLOUD_VPN = { google: 'google-cloud-vpn', oracle: 'oracle-cloud-vpn' } as const;

/** Programs of devices and services without a shell and the daemon's own files: advice about those does not apply there. */
export const SEALED_PROGRAMS: Readonly<Record<string, Exclude<Daemon, 'kernel'>>> = {
  [ROUTEROS]: 'racoon',
  [MERAKI.charon]: 'charon',
  [MERAKI.racoon]: 'racoon',
  [CLOUD_VPN.google]: 'charon',
  [CLOUD_VPN.oracle]: 'pluto',
};
