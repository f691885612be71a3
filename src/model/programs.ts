import type { Daemon } from './daemons.js';

/** Programs that relay messages of the kernel, its audit system and the firewalls. */
export const KERNEL_PROGRAMS: readonly string[] = ['kernel', 'klogd', 'audit', 'audispd', 'ulogd', 'filterlog'];

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
