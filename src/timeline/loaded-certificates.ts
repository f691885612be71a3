import type { Event } from '../model/event.js';

/**
 * Openswan and Libreswan up to 3.2x check the dates of certificates as they load them from files, and say so in the words that they have for a
 * peer's (Openswan, lib/libopenswan/x509dn.c): no connection, SA or peer stands before them then. What NSS says of a peer may stand alone, too.
 */
export function asLoaded(event: Event): Event {
  if (event.kind !== 'cert.expired' || event.message.daemon !== 'pluto') return event;
  const { connectionName, saNumber, peerAddress, text } = event.message;
  const alone = connectionName === null && saNumber === null && peerAddress === null && !text.includes('NSS');
  return alone && !text.includes('SEC_ERROR') ? { ...event, kind: 'cert.own_date_invalid' } : event;
}
