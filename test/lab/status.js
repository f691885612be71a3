/** What tells how a gateway stands, for every daemon. */
const COMMON = [
    'ip -s xfrm state',
    'ip -s xfrm policy',
    'cat /proc/net/xfrm_stat',
    'ip address',
    'ip route show table all',
    'ip rule',
    'cat /proc/sys/net/ipv4/ip_forward',
    'nft list ruleset',
];
/** What its client tells, by the daemon's process. */
const OF_PROCESS = {
    'charon-systemd': ['swanctl --list-sas', 'swanctl --list-conns', 'swanctl --list-pols', 'swanctl --stats'],
    charon: ['ipsec statusall'],
    pluto: ['ipsec status', 'ipsec trafficstatus', 'ipsec briefstatus'],
};
/** A shell command that writes a gateway's status outputs to the file of that name under /var/log/status, each behind its command. */
export function statusCommand(process, name) {
    const outputs = [...(OF_PROCESS[process] ?? []), ...COMMON].map((command) => `echo '# ${command}'; ${command} 2>&1`);
    return `mkdir -p /var/log/status; { ${outputs.join('; ')}; } > /var/log/status/${name}.txt`;
}
