/** Commands that show a gateway's state, for every daemon. */
const COMMON = [
  'ip -s xfrm state',
  'ip xfrm policy',
  'cat /proc/net/xfrm_stat',
  'ip address',
  'ip route show table all',
  'ip rule',
  'sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.ipv4.conf.eth0.rp_filter',
  'iptables-save -c',
  'nft list ruleset',
];

/** Commands of the daemon's client, by process name. */
const OF_PROCESS: Readonly<Record<string, readonly string[]>> = {
  'charon-systemd': ['swanctl --list-sas', 'swanctl --list-conns', 'swanctl --list-pols', 'swanctl --stats'],
  charon: ['ipsec statusall'],
  pluto: ['ipsec status', 'ipsec trafficstatus'],
  iked: ['ikectl show sa'],
};

/**
 * A shell command that writes a gateway's status outputs to a file in /var/log/status, each preceded by its command.
 */
export function statusCommand(process: string, name: string): string {
  const outputs = [...(OF_PROCESS[process] ?? []), ...COMMON].map((command) => `command -v ${command.split(' ')[0]} > /dev/null && echo '# ${command}' && ${command} 2>&1`);
  return `mkdir -p /var/log/status; { ${outputs.join('; ')}; } > /var/log/status/${name}.txt`;
}
