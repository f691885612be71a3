import type { Emit, SnapshotFormat } from '../format.js';

/** Settings that decide whether tunnel traffic passes. */
const RELEVANT = String.raw`net[./]ipv[46][./](?:ip_forward|conf[./][\w.@-]{1,32}[./](?:rp_filter|forwarding|disable_xfrm|disable_policy|accept_redirects|send_redirects|log_martians)|ip_no_pmtu_disc)|net[./]core[./]xfrm_\w{1,40}`;
const SETTING = new RegExp(String.raw`^(?:\/proc\/sys\/)?(${RELEVANT})(?: ?[=:] ?|\s+)(-?\d{1,9})\s*$`);
/** `all/rp_filter:0`: how `ipsec barf` prints /proc/sys/net/ipv4/conf. */
const OF_BARF = /^([\w.@-]{1,32}\/(?:rp_filter|forwarding|disable_xfrm|disable_policy|accept_redirects|secure_redirects|send_redirects|log_martians)):(-?\d{1,9})\s*$/;
const ANY = /^[a-z][\w-]{1,80}\.[\w@.-]{1,500} = /;

/** `sysctl -a`, and files of /proc/sys with their names before the values (`grep . ...`). */
export const SETTINGS: SnapshotFormat = {
  name: 'settings',
  opens: (text) => (text.startsWith('net') || text.startsWith('/proc/sys/') ? SETTING.test(text) : OF_BARF.test(text)),
  start: (emit: Emit, command) => ({
    take(line) {
      const [, name, value] = OF_BARF.exec(line.text)?.map((part, index) => (index === 1 ? `net.ipv4.conf/${part}` : part)) ?? SETTING.exec(/^-?\d{1,9}\s*$/.test(line.text) ? `${fileOf(command)} = ${line.text}` : line.text) ?? [];
      if (name !== undefined) emit({ type: 'setting', format: 'settings', line: { ...line, text: `${dotted(name)} = ${value ?? ''}` }, name: dotted(name), value: value ?? '' });
      return name !== undefined || ANY.test(line.text);
    },
    end: () => undefined,
  }),
};

const dotted = (name: string): string => name.replaceAll('/', '.');

/** The single file that a command prints: `cat /proc/sys/net/ipv4/ip_forward`. */
const fileOf = (command: string | null): string => /\/proc\/sys\/(\S{1,120})$/.exec(command ?? '')?.[1] ?? '';
