import type { RuleObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { numberOf } from '../format.js';
import type { Draft, Emit, SnapshotFormat, SnapshotParser } from '../format.js';
import { shorten } from '../text.js';
import { blankRule, portsOf, protocolOf } from './firewall.js';

const TABLE = /^table (?:ip6?|inet|arp|bridge|netdev) (\S{1,64}) \{/;
const CHAIN = /^chain (\S{1,64}) \{/;
const BASE = /^type (\S{1,20}) hook (\S{1,20}) (?:device \S+ )?priority [^;]{1,40};(?: policy (accept|drop);)?/;
/** Parts of a rule that are understood; anything left over makes the rule narrower than it looks. */
const UNDERSTOOD = /counter packets \d+ bytes \d+|\bcounter\b|(?:ip6? )?(?:saddr|daddr) (?:!= )?(?:\{[^}]*\}|\S+)|\b[io]ifname (?:!= )?(?:\{[^}]*\}|\S+)|\b[io]if \S+|(?:udp|tcp) dport (?:\{[^}]*\}|\S+)|meta l4proto \S+|ip protocol \S+|ip6 nexthdr \S+|(?:meta|rt) (?:ipsec|secpath) (?:exists|missing)|xt match "?policy"?|ipsec (?:in|out) \S+ \S+|\b(?:accept|drop|masquerade|return|reject(?: with .*)?|snat (?:ip6? )?to \S+|(?:jump|goto) \S+|log(?: prefix "[^"]*")?)(?= |$)|comment "[^"]*"|# handle \d+|random|persistent|fully-random/g;

/** `nft list ruleset`. */
export const NFTABLES: SnapshotFormat = {
  name: 'nftables',
  opens: (text) => TABLE.test(text),
  start: (emit) => new Nftables(emit),
};

class Nftables implements SnapshotParser {
  private table: string | null = null;
  private chain: string | null = null;
  private hook: string | null = null;
  private kind = 'filter';
  /** Nesting of sets, maps and flow tables, whose contents are skipped. */
  private depth = 0;

  constructor(private readonly emit: Emit) {}

  take(line: SourceLine): boolean {
    const text = line.text.trim();
    const table = TABLE.exec(text);
    if (table !== null) {
      this.table = table[1] ?? '';
      [this.chain, this.depth] = [null, 0];
      return true;
    }
    if (this.table === null) return text.startsWith('# Warning') || text === '';
    if (text === '}') this.close();
    else if (this.chain === null) this.open(text);
    else this.inChain(line, text);
    return true;
  }

  end(): void {
    this.table = null;
  }

  private close(): void {
    if (this.depth > 0) this.depth -= 1;
    else if (this.chain !== null) this.chain = null;
    else this.table = null;
  }

  private open(text: string): void {
    const chain = this.depth === 0 ? CHAIN.exec(text) : null;
    if (chain !== null) [this.chain, this.hook, this.kind] = [chain[1] ?? '', null, 'filter'];
    else if (text.endsWith('{') && !text.endsWith('}')) this.depth += 1;
  }

  private inChain(line: SourceLine, text: string): void {
    const base = BASE.exec(text);
    if (base !== null) {
      this.kind = base[1] ?? 'filter';
      this.hook = (base[2] ?? '').toUpperCase();
      this.emit({ type: 'chain', format: 'nftables', line: { ...line, text: shorten(text, 200) }, table: this.kind, chain: this.chain ?? '', hook: this.hook, policy: base[3] === 'drop' ? 'drop' : 'accept', packets: null });
    } else if (text !== '' && text.length < 2_000) this.emit(readRule(blankRule('nftables', line, this.kind, this.chain ?? '', this.hook), text));
  }
}

function readRule(rule: Draft<RuleObservation>, text: string): RuleObservation {
  rule.packets = numberOf(/counter packets (\d+)/.exec(text)?.[1]);
  rule.action = actionOf(text);
  rule.ports = portsOf(/dport (?:\{ ?([^}]{1,200}?) ?\}|(\S+))/.exec(text)?.slice(1).find((each) => each !== undefined));
  rule.protocol = protocolOf(/(?:meta l4proto|ip protocol|ip6 nexthdr) (\S+)/.exec(text)?.[1]) ?? (/\budp dport/.test(text) ? 'udp' : /\btcp dport/.test(text) ? 'tcp' : null);
  [rule.source, rule.destination] = [addressOf(text, 'saddr'), addressOf(text, 'daddr')];
  [rule.inInterface, rule.outInterface] = [interfaceOf(text, 'i'), interfaceOf(text, 'o')];
  // The condition of an iptables policy match is not printed; assume the usual one, an exemption of IPsec traffic
  rule.ipsec = /(?:ipsec|secpath) exists|\bipsec (?:in|out) |xt match "?policy/.test(text) ? 'with' : /(?:ipsec|secpath) missing/.test(text) ? 'without' : null;
  rule.hasOtherMatches = text.replace(UNDERSTOOD, '').trim() !== '';
  return rule;
}

function actionOf(text: string): RuleObservation['action'] {
  if (/\bmasquerade\b/.test(text)) return 'masquerade';
  if (/\bsnat\b/.test(text)) return 'snat';
  if (/\b(?:drop|reject)\b/.test(text)) return 'drop';
  if (/\baccept\b/.test(text)) return 'accept';
  if (/\breturn\b/.test(text)) return 'return';
  return /\b(?:jump|goto)\b/.test(text) ? 'jump' : 'other';
}

function addressOf(text: string, side: 'saddr' | 'daddr'): string | null {
  const [, not = '', set, one] = new RegExp(String.raw`\b${side} (!= )?(?:\{ ?([^,}]{1,60})|([^\s{]{1,60}))`).exec(text) ?? [];
  const address = set ?? one;
  return address === undefined ? null : `${not === '' ? '' : '!'}${address.trim()}`;
}

function interfaceOf(text: string, side: 'i' | 'o'): string | null {
  const [, not, name] = new RegExp(String.raw`\b${side}if(?:name)? (!= )?"?([\w.@*-]{1,32})"?`).exec(text) ?? [];
  return name === undefined ? null : not === undefined ? name : null;
}
