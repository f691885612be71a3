import { kinds } from './entry.js';

/** This gateway's own configuration: loading it and finding a connection in it. */
export const CONFIGURATION = kinds({
  'config.loaded': { role: 'noise', subject: 'host', meaning: 'a connection was loaded or removed' },
  'config.initiate_ordered': { role: 'detail', subject: 'host', meaning: 'a connection or Child SA is to be initiated by command' },
  'config.secrets_loaded': { role: 'noise', subject: 'host', meaning: 'keys, certificates or secrets were loaded' },
  'config.no_connection_for_peer': { role: 'failure', decidedHere: true, weak: true, subject: 'ike', as: 'responder', heard: true, meaning: 'a request arrived and no loaded connection matches its addresses or policy' },
  'config.no_connection_to_peer': { role: 'failure', subject: 'ike', as: 'initiator', meaning: 'traffic requires a tunnel to a peer that is not configured' },
  'config.not_oriented': { role: 'failure', subject: 'host', followsFrom: ['daemon.no_interfaces', 'daemon.socket_failed'], meaning: 'neither end of a connection is an address of this host' },
  'config.unoriented': { role: 'failure', subject: 'host', mayBeHarmless: true, followsFrom: ['daemon.no_interfaces', 'daemon.socket_failed'], meaning: 'a connection is loaded, but neither of its ends is an address of this host now' },
  'config.keyword_ignored': { role: 'failure', subject: 'host', mayBeHarmless: true, meaning: 'a setting is ignored: it does not belong into its section, or its value is invalid' },
  'config.connection_unknown': { role: 'failure', subject: 'host', followsFrom: ['daemon.fips', 'config.load_failed', 'config.certificate_missing', 'config.syntax_error', 'config.unknown_keyword', 'config.bad_value', 'config.duplicate_connection', 'cert.own_date_invalid', 'daemon.kernel_support_missing'], meaning: 'a name that is not loaded was to be initiated, routed or terminated' },
  'config.not_initiable': { role: 'failure', subject: 'host', followsFrom: ['config.no_peer_address', 'config.not_oriented', 'config.unoriented', 'oe.group_duplicate'], meaning: 'a connection cannot be initiated as configured' },
  'config.no_peer_address': { role: 'failure', subject: 'host', followsFrom: ['config.not_oriented'], meaning: 'a connection cannot be initiated because it has no single peer address' },
  'config.load_failed': { role: 'failure', subject: 'host', followsFrom: ['config.load_failed', 'config.bad_value', 'config.certificate_missing', 'config.secrets_unreadable', 'config.unknown_keyword', 'config.syntax_error'], meaning: 'a connection could not be loaded' },
  'config.syntax_error': { role: 'failure', subject: 'host', severalLines: true, meaning: 'a configuration file has a syntax error' },
  'config.unknown_keyword': { role: 'failure', subject: 'host', meaning: 'a configuration file has an unknown keyword' },
  'config.pool_kept': { role: 'detail', subject: 'host', meaning: 'an address pool stays as it is because clients hold addresses of it' },
  'config.value_ignored': { role: 'detail', subject: 'host', meaning: 'a configuration value is not understood and ignored; the connection is loaded without it' },
  'config.bad_value': { role: 'failure', subject: 'host', severalLines: true, meaning: 'a configuration value is invalid' },
  'config.file_unreadable': { role: 'failure', subject: 'host', followsFrom: ['config.syntax_error', 'config.unknown_keyword', 'config.bad_value'], meaning: 'a configuration file could not be read' },
  'config.duplicate_connection': { role: 'failure', subject: 'host', meaning: 'a connection or policy is defined twice' },
  'config.secrets_unreadable': { role: 'failure', subject: 'host', mayBeHarmless: 'unless needed', severalLines: true, meaning: 'secrets, keys or certificates could not be read or parsed' },
  'config.certificate_missing': { role: 'failure', subject: 'host', meaning: 'a connection could not be loaded because its certificate or key is missing' },
  'config.no_secrets_file': { role: 'detail', subject: 'host', meaning: 'an optional secrets file does not exist' },
});
