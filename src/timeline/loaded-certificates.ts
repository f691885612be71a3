import type { Event } from '../model/event.js';

/**
 * Openswan and Libreswan up to 3.2x check certificate dates on loading files, with the same wording as for a peer's
 * certificate (Openswan, lib/libopenswan/x509dn.c), but without a connection, SA or peer. Messages from NSS about a
 * peer may also lack those.
 */
export function asLoaded(event: Event): Event {
  if (event.kind !== 'cert.expired' || event.message.daemon !== 'pluto') return event;
  const { connectionName, saNumber, peerAddress, text } = event.message;
  const alone = connectionName === null && saNumber === null && peerAddress === null && !text.includes('NSS');
  return alone && !text.includes('SEC_ERROR') ? { ...event, kind: 'cert.own_date_invalid' } : event;
}
