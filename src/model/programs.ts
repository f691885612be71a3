/** Programs that pass on what the kernel, its audit system and the firewalls say. */
export const KERNEL_PROGRAMS: readonly string[] = ['kernel', 'klogd', 'audit', 'audispd', 'ulogd', 'filterlog'];

/** The program of RouterOS's lines, which name none: its IKEv1 comes from racoon, with settings of its own. */
export const ROUTEROS = 'routeros';
