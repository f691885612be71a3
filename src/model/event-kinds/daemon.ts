import { kinds } from './entry.js';

/** The daemon as a whole. */
export const DAEMON_EVENTS = kinds({
  'daemon.started': { role: 'detail', subject: 'host', meaning: 'the daemon starts; SA numbers start again' },
  'daemon.stopping': { role: 'detail', subject: 'host', meaning: 'the daemon is shut down by somebody' },
  'daemon.crashed': { role: 'failure', subject: 'host', severalLines: true, followsFrom: ['daemon.start_failed', 'daemon.crashed', 'daemon.kernel_support_missing', 'daemon.privileges_missing'], meaning: 'the daemon died' },
  'daemon.gone': { role: 'failure', subject: 'host', followsFrom: ['daemon.crashed', 'daemon.start_failed', 'daemon.kernel_support_missing', 'daemon.privileges_missing', 'daemon.plugin_missing'], meaning: 'the starter finds that the daemon is gone; why, the lines of the daemon tell' },
  'daemon.start_failed': { role: 'failure', subject: 'host', followsFrom: ['daemon.crashed', 'daemon.gone', 'daemon.program_missing', 'daemon.kernel_support_missing', 'daemon.privileges_missing', 'daemon.plugin_missing', 'daemon.nss_failed', 'daemon.start_failed'], meaning: 'the daemon gave up at its start' },
  'daemon.program_missing': { role: 'failure', subject: 'host', meaning: 'a program that belongs to the daemon is not where it is looked for' },
  'daemon.not_running': { role: 'failure', subject: 'host', followsFrom: ['daemon.crashed', 'daemon.gone', 'daemon.start_failed'], meaning: 'a tool found no daemon' },
  'daemon.already_running': { role: 'failure', subject: 'host', meaning: 'a second daemon was started' },
  'daemon.port_in_use': { role: 'failure', subject: 'host', meaning: 'udp/500 or udp/4500 is taken by another program' },
  'daemon.socket_failed': { role: 'failure', subject: 'host', followsFrom: ['daemon.port_in_use', 'daemon.kernel_support_missing', 'daemon.privileges_missing'], meaning: 'an IKE socket could not be opened' },
  'daemon.no_interfaces': { role: 'failure', subject: 'host', meaning: 'no usable interface was found' },
  'daemon.interface_conflict': { role: 'failure', subject: 'host', meaning: 'an interface of the name that is wanted for IPsec is there already and is another one' },
  'daemon.plugin_missing': { role: 'failure', subject: 'host', followsFrom: ['daemon.kernel_support_missing', 'daemon.privileges_missing', 'daemon.plugin_missing'], meaning: 'a plugin or feature the configuration needs is missing' },
  'daemon.plugin_skipped': { role: 'noise', subject: 'host', meaning: 'an optional plugin was not loaded' },
  'daemon.kernel_support_missing': { role: 'failure', subject: 'host', meaning: 'the kernel lacks XFRM, ESP, KLIPS or PF_KEY' },
  'daemon.privileges_missing': { role: 'failure', subject: 'host', followsFrom: ['daemon.privileges_missing'], meaning: 'the daemon lacks privileges' },
  'daemon.fips': { role: 'failure', subject: 'host', meaning: 'FIPS mode forbids what is configured' },
  'daemon.nss_failed': { role: 'failure', subject: 'host', meaning: 'the NSS database could not be opened' },
  'daemon.internal_error': { role: 'failure', subject: 'host', meaning: 'the daemon or its helper process could not do a step of its own work that concerns no single peer' },
  'daemon.info': { role: 'noise', subject: 'host', meaning: 'start-up, shut-down and housekeeping chatter' },
  'daemon.interface': { role: 'noise', subject: 'host', meaning: 'interfaces and addresses that are listened on' },
  'daemon.operator': { role: 'detail', subject: 'host', meaning: 'a command of an operator or a tool' },
  'log.gap': { role: 'detail', subject: 'host', meaning: 'log lines were lost, suppressed or rate limited' },
  'log.noise': { role: 'noise', subject: 'host', meaning: 'means nothing, whatever it sounds like' },
});
