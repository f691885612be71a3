import type { Finding } from '../model/report.js';
import { hang, INNER, TEXT } from './layout.js';
import type { Layout } from './layout.js';
import { SIDE_WORDS } from './words.js';

/** Causes shown per failure; the JSON report has all of them. */
export const MOST_CAUSES = 4;
/** Checks shown per side, and messages to look for in the peer's log. */
const MOST_CHECKS = 2;
const MOST_ASKED = 3;
/** Wordings shown of one message: each daemon has its own. */
const MOST_WORDINGS = 3;

interface Check {
  readonly side: string;
  readonly text: string;
  /** Meant to be copied, so never wrapped. */
  readonly commands: readonly string[];
}

/**
 * `Check next`: complete commands for here, in between and at the peer, and what to look for in the peer's log, for the
 * causes shown. Begins with the side that the best cause names first.
 */
export function checkLines(all: readonly Finding[], layout: Layout): string[] {
  const findings = all.slice(0, MOST_CAUSES);
  const asked = peerChecks(findings);
  const here = remedyChecks(findings, 'here');
  const between = remedyChecks(findings, 'between').filter((check) => !here.some((other) => isSameCommand(check, other)));
  const atPeer = [...remedyChecks(findings, 'peer').slice(0, asked.length > 0 ? 1 : MOST_CHECKS), ...asked];
  const checks = beginsAtPeer(findings) ? [...atPeer, ...here, ...between] : [...here, ...between, ...atPeer];
  return checks.flatMap(({ side, text, commands }, index) => {
    const label = `${(index === 0 ? '  Check next' : '').padEnd(TEXT)}${side === checks[index - 1]?.side ? '' : side}`;
    return checkLine(label, text, commands, layout);
  });
}

/** The same, unless the identical advice was printed already; `told`: the advice printed so far. */
export function freshCheckLines(findings: readonly Finding[], layout: Layout, told: Set<string>): string[] {
  const lines = checkLines(findings, layout);
  const text = lines.join('\n');
  if (lines.length > 1 && told.has(text)) return hang('  Check next', TEXT, 'as above', layout.width);
  told.add(text);
  return lines;
}

/** Start at the peer if only the peer can know or fix it, before looking for faults here. */
function beginsAtPeer([best]: readonly Finding[]): boolean {
  return best?.remedies[0]?.side === 'peer';
}

function isSameCommand({ commands }: Check, other: Check): boolean {
  return commands.length > 0 && commands.join() === other.commands.join();
}

function remedyChecks(findings: readonly Finding[], side: 'here' | 'peer' | 'between'): Check[] {
  const remedies = findings.flatMap((finding) => finding.remedies.filter((remedy) => remedy.side === side));
  return firstOfEach(remedies.map(({ do: text, command }) => ({ side: SIDE_WORDS[side], text, commands: command?.split('\n') ?? [] })), MOST_CHECKS);
}

/**
 * One message per cause before a second one for any, since the peer's log has to distinguish the causes. Messages with
 * the same meaning are grouped.
 */
function peerChecks(findings: readonly Finding[]): Check[] {
  const longest = Math.max(0, ...findings.map(({ askPeer }) => askPeer.length));
  const asks = Array.from({ length: longest }, (_, place) => findings.flatMap(({ askPeer }) => askPeer.slice(place, place + 1))).flat();
  const told = new Set<string>();
  const wordings = (means: string): string[] => [...new Set(asks.filter((ask) => ask.means === means).map(({ grep }) => grep))].filter((grep) => !told.has(grep)).slice(0, MOST_WORDINGS);
  const checks = [...new Set(asks.map(({ means }) => means))].map((means): Check => {
    const greps = wordings(means);
    for (const grep of greps) told.add(grep);
    return { side: SIDE_WORDS.peer, text: means, commands: greps.map((grep, index) => `${index === 0 ? 'grep for:' : '      or:'} "${grep}"`) };
  });
  return checks.filter(({ commands }) => commands.length > 0).slice(0, MOST_ASKED);
}

/** The first `most` distinct checks, best cause first; a command that was already listed is not repeated. */
function firstOfEach(checks: readonly Check[], most: number): Check[] {
  const texts = checks.filter(({ text }, index) => checks.findIndex((other) => other.text === text) === index).slice(0, most);
  return texts.map((check, index) => (texts.findIndex(({ commands }) => commands.join() === check.commands.join()) < index ? { ...check, commands: [] } : check));
}

function checkLine(label: string, text: string, commands: readonly string[], { width, colors }: Layout): string[] {
  const [first, ...others] = commands;
  if (first === undefined) {
    return hang(label, INNER + 1, text, width);
  }
  const head = label.padEnd(INNER + 1);
  const together = others.length === 0 && head.length + first.length + 3 + text.length <= width;
  return together
    ? [`${head}${colors.green(first)}   ${text}`]
    : [head + colors.green(first), ...others.map((other) => ' '.repeat(INNER + 1) + colors.green(other)), ...hang('', INNER + 1, text, width)];
}
