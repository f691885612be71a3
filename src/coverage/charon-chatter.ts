import type { DaemonMessage } from '../model/daemon-message.js';

/**
 * A line of a hex dump, and the line above a dump: `   0: 4E 23 51 ...`, `generated data => 84 bytes @ 0x7f2c38002a70`.
 */
const DUMP = /^ {0,4}\d{1,6}: (?:[\dA-F]{2} ){1,16}| => \d{1,9} bytes @ (?:0x[\da-f]{1,16}|\(nil\))$/;

/**
 * Messages about internals by log group, from log level 2 on (strongSwan, parser.c, generator.c, message.c, watcher.c,
 * scheduler.c, processor.c, ike_sa_manager.c, vici_config.c, plugin_loader.c, backtrace.c, kernel_netlink_ipsec.c).
 */
const CHATTER = new Map<string, RegExp>([
  ['CFG', /^ {1,5}(?:[a-z]\w{1,30} = |(?:conn|child|local|remote|pool|authority)(?: \S{1,80})?:$|[\da-f.:]{3,45}\/\d{1,3}(?:\[\S{0,40}\])?$)/],
  ['ENC', /^ {0,6}(?:(?:generating|parsing|verifying) (?:rule \d|payload (?:of type|from) |[A-Z]\S{1,60} payload|body of message|message structure)|starting (?:parsing|generating) |added payload of type |order payloads|insert payload |\d{1,6} bytes left, parsing |[A-Z][A-Z_\d]{1,60} (?:payload (?:verified|found)|verification)|ENCRYPTED payload |\S{1,60} payload finished)/],
  ['JOB', /^(?: {1,4}watching \d+ for |watcher (?:going|got|is)|watched FD |(?:started|terminated) worker thread|next event |no events, |got event, |observing fds)/],
  ['KNL', /^(?: {1,4}\S{1,64}$|(?:sending|received) (?:a )?(?:XFRM_MSG|RTM)_|querying |adding (?:SAD entry|policy) |  using |getting |got SPI |\S{1,45} is on interface |XFRM interfaces supported|sending \(\d+\)|received \(\d+\))/],
  ['LIB', /^(?:size of DH secret exponent: \d+ bits$| *loading feature | *-> | {1,4}\S{1,200} @ 0x| {0,4}(?:\/\S{1,200}|\S{1,80}\.so\S{0,20}) @ | ?dumping \d+ stack frame|created thread |builder L\d| *loop detected while loading |plugin '[^']{1,60}': loaded successfully)/],
  ['DMN', /^(?: {1,4}\S{1,200} @ 0x| ?dumping \d+ stack frame| *-> )/],
  ['MGR', /^(?:check(?:in|out) |created IKE_SA |IKE_SA \S{1,200} successfully checked out|IKE_SA checkout not successful|found entry |put |wait for |going to |set driveout|deleting entry|\S{1,40} entry )/],
]);

/** Is an unknown message merely about charon's internals? */
export function isCharonChatter({ daemon, group, text }: DaemonMessage): boolean {
  if (daemon !== 'charon') return false;
  if (DUMP.test(text)) return true;
  return group === null ? false : (CHATTER.get(group)?.test(text) ?? false);
}
