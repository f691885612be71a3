import type { Subject, TimelineEntry } from '../model/attempt.js';
import type { CheckAnswer, CheckCommand } from '../model/checklist.js';
import type { EventKind } from '../model/event-kinds.js';
import { describeKind } from '../model/event-kinds.js';
import type { Facts } from '../model/facts.js';
import type { Product } from '../model/product.js';
import { checkFacts } from './check-facts.js';
import type { Networks } from './check-facts.js';
import { CONFIRMATIONS } from './confirmations.js';
import { breaks, evidenceFor, hasAnswer, lineOf } from './evidence.js';
import type { CheckSubject, CheckEvidence } from './evidence.js';
import type { CheckItem } from './item.js';
import { CHECKLIST } from './items/index.js';

/** Functions that fill values into texts and commands; shell quoting is their business. */
export interface Fillers extends Networks {
  prose(template: string, facts: Facts): string;
  /** Null if the gateway's platform has no such command. */
  command(template: string, facts: Facts, side: CheckCommand['side']): string | null;
}

/** All questions of the checklist in order, each answered as far as the evidence goes. */
export function answerChecklist(subject: CheckSubject, fillers: Fillers): CheckAnswer[] {
  const evidence = evidenceFor(subject);
  const facts = checkFacts(evidence, fillers);
  const [ofIke, ofChild] = [failuresOf('ike', evidence), failuresOf('child', evidence)];
  return CHECKLIST.map((item) => {
    const answer = judge(item, item.stage === 'phase-1' ? ofIke : ofChild, evidence);
    const commands = answer.verdict === 'good' ? [] : commandsOf(item, evidence, facts, fillers);
    return { item: item.id, stage: item.stage, question: item.question, ...answer, commands };
  });
}

type Judgement = Pick<CheckAnswer, 'verdict' | 'says' | 'evidence'>;

/**
 * What fails now (`own`) outweighs what worked before; evidence about the host yields to evidence about the connection.
 */
function judge(item: CheckItem, own: readonly Failure[], evidence: CheckEvidence): Judgement {
  const wrong = item.wrong === 'failing' ? brokenBy(item, evidence) : (refuted(own, item.wrong) ?? (item.refutedBy === 'silence' ? silence(evidence) : null));
  if (wrong !== null) return wrong;
  for (const name of item.good) {
    const confirmed = CONFIRMATIONS[name](evidence);
    if (confirmed !== null) return { verdict: 'good', says: confirmed.says, evidence: confirmed.line };
  }
  const byHost = item.wrong === 'failing' ? null : refuted(evidence.hostFailures.map(entryFact), item.wrong);
  return byHost ?? openBy(item, own) ?? { verdict: 'unknown', says: whyUnknown(item, evidence), evidence: null };
}

/** Something that went wrong; `entry` is null if only its kind is kept. */
interface Failure {
  readonly kind: EventKind;
  readonly entry: TimelineEntry | null;
}

const entryFact = (entry: TimelineEntry): Failure => ({ kind: entry.event.kind, entry });

/** For questions about this kind of SA: the failing attempt's first failure, its symptoms, and observed problems. */
function failuresOf(subject: Subject, { failing, problems }: CheckEvidence): Failure[] {
  const observed = problems.map(entryFact);
  if (failing?.subject !== subject) return observed;
  const first = failing.firstFailure === null ? [] : [entryFact(failing.firstFailure)];
  const symptoms = failing.entries.filter(({ event }) => describeKind(event.kind).role !== 'failure').map(entryFact);
  const noted = [...(failing.abridged?.before ?? []), ...(failing.abridged?.after ?? [])].filter((kind) => describeKind(kind).role !== 'failure');
  return [...first, ...symptoms, ...noted.map((kind): Failure => ({ kind, entry: null })), ...observed];
}

function refuted(failures: readonly Failure[], kinds: readonly EventKind[]): Judgement | null {
  const found = failures.find(({ kind }) => kinds.includes(kind));
  return found === undefined ? null : { verdict: 'wrong', ...told(found) };
}

function told({ kind, entry }: Failure): Pick<Judgement, 'says' | 'evidence'> {
  return { says: describeKind(kind).meaning, evidence: entry === null ? null : lineOf(entry) };
}

/** The SA itself is not up; a failed rekeying would not prove that. */
function brokenBy({ stage }: CheckItem, { failing }: CheckEvidence): Judgement | null {
  if (failing === undefined || !breaks(failing) || (failing.subject === 'ike') !== (stage === 'phase-1')) return null;
  const { firstFailure } = failing;
  if (firstFailure === null) return { verdict: 'wrong', says: 'the attempt did not succeed', evidence: null };
  return { verdict: 'wrong', ...told(entryFact(firstFailure)) };
}

function silence({ ike, failing }: CheckEvidence): Judgement | null {
  if (ike === undefined || ike !== failing || ike.purpose !== 'create' || hasAnswer(ike) || ike.visibleStartOnly || ike.retransmits === 0) return null;
  if (ike.outcome !== 'timed-out' && ike.outcome !== 'stalled') return null;
  return { verdict: 'wrong', says: `none is logged in this attempt, which has ${ike.retransmits} retransmission${ike.retransmits === 1 ? '' : 's'}`, evidence: ike.firstFailure === null ? null : lineOf(ike.firstFailure) };
}

function openBy({ open }: CheckItem, failures: readonly Failure[]): Judgement | null {
  const found = failures.find(({ kind }) => open.includes(kind));
  if (found === undefined) return null;
  const { says, evidence } = told(found);
  return { verdict: 'unknown', says: `left open by: ${says}`, evidence };
}

function whyUnknown({ stage }: CheckItem, { failing, child, connection, sas }: CheckEvidence): string {
  if (stage !== 'phase-1' && failing !== undefined && breaks(failing) && failing.subject === 'ike') return 'phase 1 comes first: the IKE SA is not up';
  if (stage === 'traffic' && failing !== undefined && breaks(failing)) return 'phase 2 comes first: the Child SA is not up';
  if (stage === 'traffic' && sas.childSas.length + sas.inbound.length === 0) return 'no status output that shows this was read';
  return stage === 'phase-2' && child === undefined && connection.attempts.length > 0 ? 'there is no Child SA in this log' : 'the input does not show this';
}

function commandsOf({ commands }: CheckItem, { connection, product, failing }: CheckEvidence, facts: Facts, { prose, command: fill }: Fillers): CheckCommand[] {
  const isIPv6 = String(facts['peer.address'] ?? '').includes(':');
  const refusedHere = failing?.firstFailure != null && describeKind(failing.firstFailure.event.kind).decidedHere === true;
  const filled = commands.flatMap(({ side, tells, unless, readsPeerLog, command }): CheckCommand[] => {
    if ((unless !== undefined && facts[unless] !== undefined) || (readsPeerLog === true && refusedHere)) return [];
    const text = prose(tells, facts);
    if (command === null) return [{ side, tells: text, command: null }];
    if (side === 'peer' && product !== null && !product.shell) return [captureThere(product, text, facts, { prose, command: fill })];
    const template = typeof command === 'string' ? command : command[connection.daemon];
    const filledIn = template === undefined ? null : fill(isIPv6 ? forIPv6(template) : template, facts, side);
    return filledIn === null ? [] : [{ side, tells: text, command: filledIn }];
  });
  // A command that lists both directions is shown once
  return filled.filter(({ command, side }, index) => command === null || filled.findIndex((other) => other.command === command && other.side === side) === index);
}

/** What is to be run at the peer are captures; without a shell there, its product must have a way of its own. */
function captureThere({ is, capture }: Product, tells: string, facts: Facts, { prose, command }: Pick<Fillers, 'prose' | 'command'>): CheckCommand {
  if (capture !== undefined) return { side: 'peer', tells, command: command(capture, facts, 'peer') };
  return { side: 'peer', tells: `${prose(`{peer.address} ${is}: capture the packets from and to {local.address} there with its own tool.`, facts)} ${tells}`, command: null };
}

/** Assumes the same address family inside and outside, as in nearly all tunnels. */
function forIPv6(template: string): string {
  return template.replace(/^iptables/, 'ip6tables').replace('net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding').replace('-s 1372', '-s 1352').replace('ip[6:2] & 0x3fff != 0', 'ip6[6] == 44');
}
