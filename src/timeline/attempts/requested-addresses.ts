import type { TimelineEntry } from '../../model/attempt.js';

/** Says that the client gets no virtual address of the family it requested; it may request one of each, and get only one. */
export const lacksAddress = ({ event: { kind, fields } }: TimelineEntry): boolean => kind === 'child.virtual_ip_unavailable' && fields['virtual.ip'] !== undefined && fields['peer.id'] !== undefined;

/** Says that the client gets a virtual address. */
export const assignsAddress = ({ event: { kind, fields } }: TimelineEntry): boolean => kind === 'child.virtual_ip_assigned' && fields['virtual.ip'] !== undefined && fields['peer.id'] !== undefined;
