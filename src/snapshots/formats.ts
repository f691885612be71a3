import type { SnapshotFormatName } from '../model/snapshot-formats.js';
import type { SnapshotFormat } from './format.js';
import { CONNTRACK } from './formats/conntrack.js';
import { IKECTL } from './formats/ikectl.js';
import { INTERFACES } from './formats/interfaces.js';
import { IPTABLES } from './formats/iptables.js';
import { KLIPS } from './formats/klips.js';
import { MODULES } from './formats/modules.js';
import { NFTABLES } from './formats/nftables.js';
import { PING } from './formats/ping.js';
import { PLUTO_STATUS } from './formats/pluto-status.js';
import { RACOON_EVENTS } from './formats/racoon-events.js';
import { RACOON_STATUS } from './formats/racoon-status.js';
import { RACOONCTL } from './formats/racoonctl.js';
import { ROUTES, RULES } from './formats/routes.js';
import { SERVICE_STATE } from './formats/service-state.js';
import { SETKEY_SAD, SETKEY_SPD } from './formats/setkey.js';
import { SETTINGS } from './formats/settings.js';
import { SOCKETS } from './formats/sockets.js';
import { STROKE_STATUS } from './formats/stroke-status.js';
import { SWANCTL_CONNS } from './formats/swanctl-conns.js';
import { SWANCTL_POLS } from './formats/swanctl-pols.js';
import { SWANCTL_RAW } from './formats/swanctl-raw.js';
import { SWANCTL_SAS } from './formats/swanctl-sas.js';
import { SWANCTL_STATS } from './formats/swanctl-stats.js';
import { TCPDUMP } from './formats/tcpdump.js';
import { TOOL } from './formats/tool.js';
import { VERIFY } from './formats/verify.js';
import { XFRM_COUNTS } from './formats/xfrm-counts.js';
import { XFRM_MONITOR } from './formats/xfrm-monitor.js';
import { XFRM_POLICY } from './formats/xfrm-policy.js';
import { XFRM_STAT } from './formats/xfrm-stat.js';
import { XFRM_STATE } from './formats/xfrm-state.js';

/** All formats; if two could begin with the same line, the earlier one wins. */
const FORMATS: readonly SnapshotFormat[] = [
  XFRM_POLICY, XFRM_STATE, XFRM_STAT, SWANCTL_SAS, SWANCTL_CONNS, SWANCTL_POLS, SWANCTL_RAW, STROKE_STATUS, PLUTO_STATUS, IPTABLES, NFTABLES,
  SETKEY_SPD, SETKEY_SAD, RACOONCTL, KLIPS, INTERFACES, RULES, SETTINGS, VERIFY, SWANCTL_STATS, TCPDUMP, TOOL, SERVICE_STATE,
  XFRM_COUNTS, XFRM_MONITOR, CONNTRACK, SOCKETS, PING, IKECTL, RACOON_STATUS, RACOON_EVENTS, MODULES, ROUTES,
];

/** The format whose output could begin with this line, or null. */
export function recognise(text: string): SnapshotFormat | null {
  if (text.length > 2_000 && !text.startsWith('list-sa event')) return null;
  return FORMATS.find((format) => format.opens(text)) ?? null;
}

/** The format with this name; null if none parses it. */
export function formatNamed(name: SnapshotFormatName): SnapshotFormat | null {
  return FORMATS.find((format) => format.name === name) ?? null;
}
