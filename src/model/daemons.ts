/** The IKE daemons (and the kernel) whose messages are understood; each has a dialect and a folder of signatures. */
export const DAEMONS = {
  charon: { title: 'strongSwan charon' },
  pluto: { title: 'FreeS/WAN, Openswan or Libreswan pluto' },
  racoon: { title: 'racoon (KAME, ipsec-tools)' },
  kernel: { title: 'the kernel (XFRM, KLIPS, netfilter) and packet captures' },
} as const;

export type Daemon = keyof typeof DAEMONS;
