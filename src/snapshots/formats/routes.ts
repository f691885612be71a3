import type { RouteObservation } from '../../model/observation.js';
import { ADDRESS } from '../format.js';
import type { Emit, SnapshotFormat } from '../format.js';

const KINDS = 'unreachable|blackhole|prohibit|throw|local|broadcast|multicast|anycast|nat';
const NET = String.raw`default|${ADDRESS}(?:\/\d{1,3})?`;
const ROUTE = new RegExp(String.raw`^(?:(${KINDS}) (${NET})(?: .{0,300})?|(${NET}) (?:from \S{1,45} )?(?:via|dev|nhid|table|proto|metric|scope|src) .{1,300})$`);
const OLD_HEAD = /^Destination +Gateway +Genmask +Flags/;
const OLD = /^(\d{1,3}(?:\.\d{1,3}){3}|default) +(\S{1,45}) +(\d{1,3}(?:\.\d{1,3}){3}) +([A-Z!]{1,8}) .* (\S{1,20})\s*$/;
const RULE = /^\d+:\s+(?:not )?from /;

/** `ip route [show table X]` and `route -n`. */
export const ROUTES: SnapshotFormat = {
  name: 'routes',
  opens: (text) => OLD_HEAD.test(text) || text.startsWith('Kernel IP routing table') || ROUTE.test(trimmed(text)),
  start: (emit) => ({
    take(line) {
      const { text } = line;
      if (OLD_HEAD.test(text) || text.startsWith('Kernel IP routing table') || /^\s+nexthop /.test(text) || /^ {4}cache/.test(text)) return true;
      const route = readNew(trimmed(text)) ?? readOld(text);
      if (route !== null) emit({ ...route, line: { ...line, text: text.trim() } });
      return route !== null;
    },
    end: () => undefined,
  }),
};

/** `ip rule`: recognised so that it is not mistaken for another format; its tables matter only with their routes. */
export const RULES: SnapshotFormat = {
  name: 'rules',
  opens: (text) => RULE.test(text),
  start: (emit: Emit) => ({
    take(line) {
      if (!RULE.test(line.text)) return false;
      emit({ type: 'setting', format: 'rules', line, name: 'ip rule', value: line.text.trim().replace(/\s+/g, ' ') });
      return true;
    },
    end: () => undefined,
  }),
};

/**
 * iproute2 ends lines with a blank, which pasting removes. The reply of `ip route get` (`uid` at its end) is the path
 * of one packet, not a table entry, and is skipped.
 */
const trimmed = (text: string): string => (text.length > 600 || / uid \d+\s*$/.test(text) ? '' : text.trimEnd());

type Parsed = Omit<RouteObservation, 'line'>;

function readNew(text: string): Parsed | null {
  const [, kind, special, plain] = ROUTE.exec(text) ?? [];
  const destination = special ?? plain;
  if (destination === undefined) return null;
  const value = (key: string): string | null => new RegExp(String.raw`(?:^| )${key} (\S{1,60})`).exec(text)?.[1] ?? null;
  return { type: 'route', format: 'routes', kind: kind ?? 'unicast', destination: destination === 'default' ? '0.0.0.0/0' : destination, via: value('via'), device: value('dev'), table: value('table'), preferredSource: value('src') };
}

function readOld(text: string): Parsed | null {
  const [, destination, gateway, mask, flags = '', device] = OLD.exec(text) ?? [];
  if (destination === undefined || mask === undefined) return null;
  return {
    type: 'route', format: 'routes', kind: flags.includes('!') ? 'unreachable' : 'unicast', destination: `${destination === 'default' ? '0.0.0.0' : destination}/${prefixOf(mask)}`,
    via: flags.includes('G') ? (gateway ?? null) : null, device: device ?? null, table: null, preferredSource: null,
  };
}

const prefixOf = (mask: string): number => mask.split('.').reduce((bits, byte) => bits + (Number(byte).toString(2).match(/1/g)?.length ?? 0), 0);
