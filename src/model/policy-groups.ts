/**
 * Is it a connection of Opportunistic Encryption, judged by its name? pluto derives such names from the policy groups
 * in `/etc/ipsec.d/policies` (`private-or-clear#192.0.2.0/24`) or has them built in (FreeS/WAN 2 to Libreswan 5).
 */
export const isOpportunistic = (name: string | null): boolean =>
  name !== null && /^(?:private-or-clear|clear-or-private|packetdefault|OEself|me-to-anyone)\b|#[0-9a-fA-F.:]{2,45}\/\d/.test(name);
