import type { Fields } from '../../model/fields.js';
import type { PacketsObservation } from '../../model/observation.js';
import { isUp } from '../flow.js';
import type { TunnelProblem } from '../problem.js';
import { spisOf } from '../views.js';
import type { View } from '../views.js';

/**
 * What captured packets show about a negotiation, and about SAs that appear in no other output. `told`: problems that
 * already explain the negotiation.
 */
export function captureProblems(view: View, told: readonly TunnelProblem[]): TunnelProblem[] {
  const { sent, heard, errors } = view.captured;
  if (sent.length + heard.length + errors.length === 0) return [];
  return [...errors.flatMap(tooBig), ...(told.length > 0 ? [] : ikeProblems(view)), ...espProblems(view)];
}

function tooBig(seen: PacketsObservation): TunnelProblem[] {
  const { icmp, source, packets } = seen;
  if (icmp?.reason !== 'too-big') return [];
  return [{ kind: 'observed.packet_too_big', seen, fields: { 'icmp.complainant': source, 'counter.value': packets, ...(icmp.mtu === null ? {} : { 'path.mtu': icmp.mtu }) } }];
}

function ikeProblems({ captured: { sent, heard } }: View): TunnelProblem[] {
  const [asks, answers] = [ike(sent), ike(heard)];
  const [first] = asks;
  const [foreign] = answers;
  if (first !== undefined && heard.length === 0) return [{ kind: 'observed.ike_unanswered', seen: first, fields: counts(sent, heard) }];
  if (foreign !== undefined && sent.length === 0) return [{ kind: 'observed.ike_not_answered', seen: foreign, fields: counts(sent, heard) }];
  return [...versionProblem(asks, answers), ...halfwayProblem(sent, heard), ...incompleteProblem(heard)];
}

/** Both ends send IKE packets, but of different versions. */
function versionProblem(asks: readonly PacketsObservation[], answers: readonly PacketsObservation[]): TunnelProblem[] {
  const [own, other] = [versions(asks), versions(answers)];
  const seen = answers.find(({ version }) => version !== null);
  if (own.size === 0 || seen === undefined || [...own].some((version) => other.has(version))) return [];
  return [{ kind: 'observed.versions_differ', seen, fields: { 'ike.version': String(seen.version) } }];
}

/** The first exchange was answered and the next was not: it moved to port 4500, or was too large for one packet. */
function halfwayProblem(sent: readonly PacketsObservation[], heard: readonly PacketsObservation[]): TunnelProblem[] {
  const isSilent = usesNatPort(sent) && !usesNatPort(heard);
  const auth = ike(sent).find(({ exchange }) => exchange === 'ikev2_auth');
  const isUnanswered = isSilent || (auth !== undefined && !heard.some(({ exchange, kind }) => exchange === 'ikev2_auth' || kind === 'esp'));
  const fragment = sent.find(({ kind, isFragmented }) => kind === 'fragment' || isFragmented);
  if (!isUnanswered) return [];
  if (fragment !== undefined) return [{ kind: 'observed.fragments_unanswered', seen: fragment, fields: counts(sent, heard) }];
  const seen = ike(sent).find(isNatPort);
  return isSilent && seen !== undefined ? [{ kind: 'observed.natt_unanswered', seen, fields: counts(sent, heard) }] : [];
}

/** The first fragment of a large packet arrived, but no other fragment at all. */
function incompleteProblem(heard: readonly PacketsObservation[]): TunnelProblem[] {
  const seen = heard.find(({ isFragmented }) => isFragmented);
  return seen === undefined || heard.some(({ kind }) => kind === 'fragment') ? [] : [{ kind: 'observed.fragments_missing', seen, fields: {} }];
}

/** If no output counts the tunnel's traffic, the capture has to. */
function espProblems(view: View): TunnelProblem[] {
  const [out, back] = [esp(view.captured.sent), esp(view.captured.heard)];
  const [sent] = out;
  const [heard] = back;
  if (sent !== undefined && heard === undefined && !isUp(view)) return [{ kind: 'observed.esp_unanswered', seen: sent, fields: { ...counts(out, back), ...spiField(sent) } }];
  const known = spisOf(view).in;
  if (heard === undefined || known.length === 0 || back.some(({ spi }) => spi !== null && known.includes(spi))) return [];
  return [{ kind: 'observed.foreign_spi', seen: heard, fields: { ...counts(out, back), ...spiField(heard) } }];
}

const spiField = ({ spi }: PacketsObservation): Fields => ({ 'packet.spi': `0x${(spi ?? 0).toString(16).padStart(8, '0')}` });
const ike = (packets: readonly PacketsObservation[]): PacketsObservation[] => packets.filter(({ kind }) => kind === 'ike');
const esp = (packets: readonly PacketsObservation[]): PacketsObservation[] => packets.filter(({ kind }) => kind === 'esp' || kind === 'ah');
const isNatPort = ({ sourcePort, destinationPort }: PacketsObservation): boolean => sourcePort === 4500 || destinationPort === 4500;
const usesNatPort = (packets: readonly PacketsObservation[]): boolean => packets.some(isNatPort);

function versions(packets: readonly PacketsObservation[]): ReadonlySet<number> {
  return new Set(packets.flatMap(({ version }) => version ?? []));
}

function counts(sent: readonly PacketsObservation[], heard: readonly PacketsObservation[]): Fields {
  const sum = (packets: readonly PacketsObservation[]): number => packets.reduce((total, each) => total + each.packets, 0);
  return { 'packets.out': sum(sent), 'packets.in': sum(heard) };
}
