import type { FlowObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { numberOf } from '../format.js';
import type { SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';

const FLOW = /^(?:ipv[46] {1,6}\d{1,2} )?(?:tcp|udp|udplite|icmp|icmpv6|esp|ah|gre|sctp|dccp|unknown) {1,8}(\d{1,3}) (?:\d{1,9} )?(?=.{0,60}\bsrc=)/;
const COUNTED = /^conntrack v[\d.]{1,12} .{0,40}: \d{1,9} flow entries/;

/**
 * `conntrack -L` and `/proc/net/nf_conntrack`: each flow with the addresses of its packets and those expected in
 * replies.
 */
export const CONNTRACK: SnapshotFormat = {
  name: 'conntrack',
  opens: (text) => COUNTED.test(text) || FLOW.test(text),
  start: (emit) => ({
    take(line) {
      if (COUNTED.test(line.text)) return true;
      const flow = line.text.length > 1_000 ? null : readFlow(line);
      if (flow !== null) emit(flow);
      return flow !== null;
    },
    end: () => undefined,
  }),
};

/** Every field appears twice: for the original direction and for the expected replies. */
function readFlow(line: SourceLine): FlowObservation | null {
  const { text } = line;
  const protocol = FLOW.exec(text)?.[1];
  const [source, replySource] = valuesOf(text, 'src');
  const [destination, replyDestination] = valuesOf(text, 'dst');
  if (protocol === undefined || source === undefined || destination === undefined || replySource === undefined || replyDestination === undefined) return null;
  const [destinationPort] = valuesOf(text, 'dport');
  return {
    type: 'flow', format: 'conntrack', line: { ...line, text: shorten(text.trim(), 300) }, protocol: Number(protocol), source, destination, replySource, replyDestination,
    destinationPort: numberOf(destinationPort), isAnswered: !text.includes('[UNREPLIED]'),
  };
}

const valuesOf = (text: string, key: string): string[] => [...text.matchAll(new RegExp(String.raw` ${key}=([0-9a-fA-F.:]{1,45})(?= |$)`, 'g'))].map(([, value = '']) => value);
