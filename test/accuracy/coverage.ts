import { loadCatalog } from '../../src/catalog/load.js';
import type { Catalog } from '../../src/catalog/load.js';
import type { Exchange, Role } from '../../src/model/attempt.js';
import type { Cause, Condition } from '../../src/model/cause.js';
import type { Daemon } from '../../src/model/daemons.js';
import { FIELDS } from '../../src/model/fields.js';
import type { FieldName } from '../../src/model/fields.js';
import type { Finding, Report } from '../../src/model/report.js';
import type { Signature } from '../../src/model/signature.js';
import { BUILT_IN_RULES } from '../../src/package-files.js';
import { analyzeLines } from '../../src/pipeline.js';
import { buildReport } from '../../src/report/build-report.js';
import { analyzeSample, CAPTURED, readSamples } from '../samples.js';
import { align } from './table.js';

/** Where a cause can be identified: IKE version and role, or the whole host. */
const PLACES = ['1i', '1r', '2i', '2r', 'host'] as const;
type Place = (typeof PLACES)[number];

/**
 * How a cause is known in a place, best first: ranked first in a sample, ranked first in an example of its rule, listed
 * in either.
 */
const MARKS = ['S', 'e', 's'] as const;
type Mark = (typeof MARKS)[number];

const IKE_DAEMONS = ['charon', 'pluto', 'racoon'] as const satisfies readonly Daemon[];
/** Areas whose causes all show in the logs of two gateways. */
const AREAS = ['network', 'version', 'config', 'proposal', 'auth', 'cert', 'child', 'lifecycle', 'daemon'];

/** Causes that a daemon can never show, although the rule's conditions do not exclude it, with the reason. */
const NEVER: Readonly<Record<string, string>> = {
  'auth/eap-credentials of pluto': 'it knows EAP-TLS only, which has no password',
  'auth/eap-identity of pluto': 'it has no identity for EAP besides that of IKE',
  'auth/eap-identity of racoon': 'it has no EAP',
  'auth/ppk-missing of racoon': 'it has no IKEv2',
  'lifecycle/reauth-failed of racoon': 'a new ISAKMP SA is a story of its own there',
  'child/label-mismatch of racoon': 'to it the label is a part of the policy, of which it says only that there is none',
  'network/nat-mapping-changed of racoon': 'it says that the ports change wherever NAT traversal begins, too',
  'proposal/algorithm-removed of racoon': 'it says which transform differs, and not what else was offered',
  'lifecycle/reauth-failed of pluto': 'it makes a new IKE SA, whose story is that of any other',
};

/** Which causes are shown by samples, and by examples in each daemon's own wording. */
export interface Coverage {
  readonly causes: readonly Cause[];
  /** `<cause> <daemon> <place>` → mark. */
  readonly seen: ReadonlyMap<string, Mark>;
  /** Causes that a daemon's messages can trigger but no log of it shows, as `<cause> <daemon>`. */
  readonly gaps: readonly string[];
}

/** Runs all samples, and the examples of all causes. */
export async function coverCauses(): Promise<Coverage> {
  const catalog = loadCatalog(BUILT_IN_RULES);
  const causes = catalog.causes.filter(({ id }) => AREAS.includes(id.slice(0, id.indexOf('/'))));
  const seen = new Map<string, Mark>();
  for (const [name, { logs }] of readSamples()) {
    for (const { file, daemon } of logs) note(seen, await analyzeSample(name, file), daemon, 'S');
  }
  for (const { log } of causes.flatMap(({ examples }) => examples.fires)) {
    note(seen, buildReport(await analyzeLines([...log], { rules: [], now: CAPTURED })), writerOf(log), 'e');
  }
  return { causes, seen, gaps: causes.flatMap((cause) => gapsOf(cause, catalog, seen)) };
}

/** One row per cause, one column per daemon and place, and the gaps below. */
export function coverageTable({ causes, seen, gaps }: Coverage): string {
  const head = ['first in a sample: S, in an example: e, among others: s', ...IKE_DAEMONS.flatMap((daemon) => PLACES.map((place, index) => (index === 0 ? `${daemon} ${place}` : place)))];
  const rows = causes.map(({ id }) => id).sort().map((id) => [id, ...IKE_DAEMONS.flatMap((daemon) => PLACES.map((place) => seen.get(`${id} ${daemon} ${place}`) ?? '-'))]);
  return [align([head, ...rows]), ...gaps.map((gap) => `no log shows ${gap}`)].join('\n');
}

function note(seen: Map<string, Mark>, report: Report, writer: Daemon, first: Mark): void {
  const take = (findings: readonly Finding[], daemon: Daemon, place: Place): void => {
    for (const [index, { cause }] of findings.entries()) better(seen, `${cause} ${daemon} ${place}`, index === 0 ? first : 's');
  };
  for (const { daemon, attempts, observed } of report.connections) {
    for (const { findings, exchange, role } of attempts) take(findings, daemon, placeOf(daemon, exchange, role));
    for (const { findings } of observed) take(findings, daemon, 'host');
  }
  for (const finding of report.hostFindings) take([finding], writer, 'host');
}

function better(seen: Map<string, Mark>, key: string, mark: Mark): void {
  const known = seen.get(key);
  if (known === undefined || MARKS.indexOf(mark) < MARKS.indexOf(known)) seen.set(key, mark);
}

/** A log that does not state the role counts as a responder's; racoon has no IKEv2. */
function placeOf(daemon: Daemon, exchange: Exchange, role: Role): Place {
  const version = daemon === 'racoon' || exchange.startsWith('ikev1') ? '1' : '2';
  return role === 'initiator' ? `${version}i` : `${version}r`;
}

/** The daemon whose programs wrote an example. */
function writerOf(log: readonly string[]): Daemon {
  if (log.some((line) => /racoon/.test(line))) return 'racoon';
  return log.some((line) => /pluto|addconn|whack|certutil/.test(line)) ? 'pluto' : 'charon';
}

function gapsOf(cause: Cause, { signatures }: Catalog, seen: ReadonlyMap<string, Mark>): string[] {
  const able = IKE_DAEMONS.filter((daemon) => {
    const own = signatures.filter((signature) => signature.daemon === daemon);
    return cause.when.some(({ on, conditions }) => own.some(({ event }) => on.includes(event)) && (conditions === undefined || canHold(conditions, daemon, own)));
  });
  return able.filter((daemon) => !PLACES.some((place) => seen.has(`${cause.id} ${daemon} ${place}`))).map((daemon) => `${cause.id} of ${daemon}`).filter((gap) => !(gap in NEVER));
}

/** Can the condition hold, given the messages of this daemon? */
function canHold(condition: Condition, daemon: Daemon, own: readonly Signature[]): boolean {
  if ('all' in condition) return condition.all.every((inner) => canHold(inner, daemon, own));
  if ('any' in condition) return condition.any.some((inner) => canHold(inner, daemon, own));
  if ('not' in condition) return true;
  const { fact, operator, value } = condition;
  if (operator === 'notEqual' || operator === 'notIn' || operator === 'lacks' || value === false) return true;
  if (fact === 'connection.daemon') return value === daemon;
  if (fact === 'host.failures' || fact === 'attempt.before') return own.some(({ event }) => event === value);
  const field = fact.replace('failure.', '') as FieldName;
  return !(field in FIELDS) || own.some(({ templates, set }) => templates.some((template) => template.includes(`{${field}}`)) || set[field] !== undefined);
}
