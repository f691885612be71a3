import { z } from 'zod';
import { LINKS, PHASES } from '../model/attempt.js';
import { CONFIDENCES, SIDES } from '../model/cause.js';
import { CHECK_STAGES, VERDICTS } from '../model/checklist.js';
import type { CheckStage } from '../model/checklist.js';
import { DAEMONS } from '../model/daemons.js';
import type { Daemon } from '../model/daemons.js';
import { EVENT_ROLES } from '../model/event-kinds/entry.js';
import type { Report } from '../model/report.js';

const daemon = z.enum(Object.keys(DAEMONS) as [Daemon, ...Daemon[]]);
const time = z.string().nullable().describe('ISO 8601 with offset; null in a log without time stamps');
const count = z.int().min(0);

const evidence = {
  event: z.string().describe('kind of the event, e.g. `retransmit.gave_up`'),
  source: z.string().describe('file as it was named or found, `-` for standard input'),
  line: z.int().min(1).describe('counts from 1 in the source as it was read'),
  time,
  text: z.string().describe('the message without its envelope; key material withheld, control characters visible'),
};

const { event: _event, ...place } = evidence;

const finding = {
  cause: z.string().describe('id of the cause, `<area>/<name>`'),
  confidence: z.enum(CONFIDENCES),
  side: z.enum(SIDES).describe('where the fault is, as far as this log can tell'),
  title: z.string(),
  explanation: z.string(),
  remedies: z.array(z.object({ side: z.enum(['here', 'peer', 'between']), do: z.string(), command: z.string().nullable().describe('complete; several, for the command line of the peer, are one a line') })),
  askPeer: z
    .array(z.object({ for: z.string().describe('the daemon or the product that logs it'), grep: z.string(), means: z.string() }))
    .describe("fixed texts to look for in the peer's log, and what they mean there"),
  references: z.array(z.string()),
};

const attempt = z.object({
  subject: z.enum(['ike', 'child']),
  child: z.string().nullable().describe('name of the Child SA configuration, where the log names one'),
  role: z.enum(['initiator', 'responder', 'unknown']),
  exchange: z.enum(['ikev1-main', 'ikev1-aggressive', 'ikev1-quick', 'ikev2', 'ikev1', 'unknown']),
  purpose: z.enum(['create', 'rekey', 'reauthenticate', 'maintain']),
  started: time,
  ended: time,
  reached: z.enum(PHASES),
  outcome: z.enum(['open', 'stalled', 'established', 'failed', 'timed-out', 'superseded', 'closed', 'interrupted', 'log-ends']),
  repeats: z.int().min(1).describe('how many identical consecutive attempts this one stands for'),
  lastRepeat: time.describe('when the latest of these ended'),
  retransmits: count,
  firstFailure: z
    .object({
      ...evidence,
      visibleStartOnly: z.boolean(),
      cutOff: z.boolean().describe('the line is cut off: values, or also what it is about, may be missing'),
      unread: z.object(place).nullable().describe('a line of the attempt that nothing understands and that may say why it failed'),
      candidates: z.array(z.string()),
    })
    .nullable()
    .describe('null exactly when the attempt did not fail'),
  counterpart: z
    .object({ ...evidence, host: z.string(), connection: z.string().nullable(), clockAhead: z.number().nullable().describe('seconds by which the clock there is ahead of the one here') })
    .nullable()
    .describe("first failure of the same attempt in the other gateway's log, where that was read, too"),
  unheardBy: z
    .object({ host: z.string(), first: time, last: time })
    .nullable()
    .describe("gateway at the peer's address whose log, with lines from `first` to `last`, was read, too, and has nothing of this attempt"),
  peerProduct: z
    .object({ id: z.string().describe('stable'), title: z.string(), by: z.enum(['vendor-id', 'option']).describe('whether vendor IDs that nobody else sends show it, or `--peer-product` says it') })
    .nullable()
    .describe('what the peer is; null where that is unknown'),
  findings: z.array(z.object(finding)).describe('ranked, best first'),
  omittedEntries: count.describe('lines of a very long attempt, or of an early one in a large log, that the timeline leaves out'),
  timeline: z.array(z.object({ ...evidence, role: z.enum(EVENT_ROLES), link: z.enum(LINKS) })),
});


const check = z.object({
  item: z.string().describe('id of the question, stable'),
  stage: z.enum(Object.keys(CHECK_STAGES) as [CheckStage, ...CheckStage[]]),
  question: z.string(),
  verdict: z.enum(VERDICTS).describe('whether the evidence confirms it, refutes it, or cannot tell'),
  says: z.string(),
  evidence: z.object(place).nullable().describe('the line behind the verdict, where one is kept'),
  commands: z.array(z.object({ side: z.enum(['here', 'peer', 'between']), tells: z.string(), command: z.string().nullable() })).describe('what would answer it; empty where it is confirmed'),
});

const endpoint = z.object({ address: z.string().nullable(), id: z.string().nullable() });

const connection = z.object({
  name: z.string().nullable().describe("the daemon's own name; null where only the peer's address identifies it"),
  daemon,
  host: z.string(),
  local: endpoint,
  peer: endpoint,
  state: z.enum(['up', 'failing', 'down', 'unknown']),
  since: time,
  rekeys: count,
  omittedAttempts: count.describe('attempts between the first and the latest ones that are only counted'),
  problem: z
    .object({ attempt: count, attempts: z.int().min(1), failedOtherwise: count, retransmits: count, othersUp: count, othersFailing: count, since: time, last: time })
    .nullable()
    .describe('what fails now: index of the attempt that shows it, the first that failed as the latest did, how many failed in a row, and how many other clients of the connection are up or fail too'),
  ended: z.object(evidence).nullable().describe('the line with which it ended, where it is down without a failure, or with which its negotiation did'),
  doubt: z.object(place).nullable().describe('where it is up: a line since then that nothing understands and that speaks of a failure'),
  attempts: z.array(attempt),
  observed: z.array(z.object({ ...evidence, findings: z.array(z.object(finding)) })).describe('what status outputs show to be wrong, most telling first'),
  checklist: z.array(check).describe('the debugging checklist, answered; empty for a connection that does not fail, unless `--checklist` asks for it'),
});

const coverage = z.object({
  lines: count,
  relevant: count.describe('lines of an IPsec daemon'),
  understood: count,
  unknown: z.array(z.object({ daemon: z.string(), text: z.string(), source: z.string(), line: count, count })),
  unknownOmitted: count,
  gaps: z.array(z.object(evidence)),
});

/** The report's data format: the published contract, checked in tests and exported as JSON Schema. */
export const reportShape = z.object({
  version: z.literal(1),
  sources: z.array(z.string()),
  first: time,
  last: time,
  inferred: z.array(z.string()),
  connections: z.array(connection),
  hostFindings: z.array(
    z.object({ ...finding, ...evidence, host: z.string(), repeats: z.int().min(1), doubtful: z.boolean().describe('it is open whether anything fails: no reason for exit status 1') }),
  ),
  coverage,
  problems: z.array(
    z.object({
      level: z.enum(['error', 'warning']),
      check: z.string(),
      message: z.string(),
      where: z.object({ file: z.string(), line: z.int().nullable() }).nullable(),
      help: z.string(),
    }),
  ),
}) satisfies z.ZodType<Report>;

/** JSON Schema (draft 2020-12) of the report; the content of report.schema.json. */
export function reportSchema(): object {
  return { title: 'ipsec-logwatch report', ...z.toJSONSchema(reportShape) };
}
