import type { Daemon } from './daemons.js';

/** Programs that pass on what the kernel, its audit system and the firewalls say. */
export const KERNEL_PROGRAMS: readonly string[] = ['kernel', 'klogd', 'audit', 'audispd', 'ulogd', 'filterlog'];

/** Programs of one project only, as they name themselves in syslog, by the daemon whose words they use. */
export const DAEMON_PROGRAMS: Readonly<Record<Exclude<Daemon, 'kernel'>, readonly string[]>> = {
  charon: ['charon', 'charon-systemd', 'charon-nm', 'charon-cmd', 'strongswan', 'strongswan-starter', 'strongswan-swanctl', 'swanctl', 'ipsec_starter'],
  pluto: ['pluto', 'Pluto', 'ipsec__plutorun', '_plutorun', '_plutoload', 'ipsec_setup', 'addconn', 'libipsecconf', 'whack', 'ipsec_whack'],
  racoon: ['racoon', 'racoonctl', 'racoon-tool', 'setkey'],
};

/** A command of strongSwan and of the pluto family alike. */
export const SHARED_PROGRAM = 'ipsec';

/** The program of RouterOS's lines, which name none: its IKEv1 comes from racoon, with settings of its own. */
export const ROUTEROS = 'routeros';
