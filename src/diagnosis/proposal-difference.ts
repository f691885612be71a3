import { CUT_OFF } from '../model/cut-marks.js';
import { isOfPluto, readPlutoProposals } from './pluto-proposals.js';

/** Transform types of RFC 7296 section 3.3.2, as named in findings. */
export type TransformType = 'encryption' | 'integrity' | 'PRF' | 'key exchange group' | 'extended sequence numbers';

export type Proposal = ReadonlyMap<TransformType, ReadonlySet<string>>;

/** Limit on proposals: nobody configures more, and the input may be hostile. */
const MAX_PROPOSALS = 32;

/**
 * The transform types in which the two closest proposals of the lists have nothing in common, joined by commas. The
 * lists are in charon's format, `IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048, ESP:...`, with several
 * algorithms of one type side by side, or in pluto's (pluto-proposals.ts). Undefined if a list cannot be parsed or was
 * cut off, or if nothing differs. `first`: the proposals are for a new Child SA of IKEv2.
 */
export function proposalDifference(received: string, configured: string, first = false): string | undefined {
  if (isCutOff(received) || isCutOff(configured)) return undefined;
  const pluto = isOfPluto(received);
  const [offers, accepted] = readBoth(received, configured);
  let closest: readonly TransformType[] | undefined;
  for (const offer of offers) {
    for (const own of accepted) {
      // pluto's configured list includes the group for later rekeying, and omits defaults.
      const differing = differingTypes(offer, own).filter((type) => !pluto || (offer.has(type) && own.has(type)));
      if (!closest || differing.length < closest.length) closest = differing;
    }
  }
  const told = first ? withoutIdleGroup(closest ?? [], offers) : closest ?? [];
  return told.length > 0 ? told.join(', ') : undefined;
}

/** The key exchange groups of the two lists; none if a list has no group, or if a group is in both. */
export function differingGroups(received: string, configured: string): { readonly 'dh.offered': string; readonly 'dh.configured': string } | Record<string, never> {
  const [offered, own] = readBoth(received, configured).map((list) => [...new Set(list.flatMap((proposal) => [...(proposal.get('key exchange group') ?? [])]))]);
  if (offered === undefined || own === undefined || offered.length === 0 || own.length === 0 || offered.some((group) => own.includes(group))) return {};
  return { 'dh.offered': offered.join(', '), 'dh.configured': own.join(', ') };
}

/** The format of pluto's list of what is configured is told only by that of what it received. */
function readBoth(received: string, configured: string): readonly [readonly Proposal[], readonly Proposal[]] {
  const read = isOfPluto(received) ? readPlutoProposals : readProposals;
  return [read(received), read(configured)];
}

/** Whether or not a mark shows it: charon names the group of an IKE proposal last, and there is none without a group. */
function isCutOff(list: string): boolean {
  const last = list.split(', ').at(-1) ?? '';
  return list.endsWith(CUT_OFF) || (last.startsWith('IKE:') && !isOfPluto(last) && !readProposals(last).some((proposal) => proposal.has('key exchange group')));
}

/**
 * The first Child SA of IKEv2 derives its keys from the IKE SA (RFC 7296 section 1.2) and is offered without groups: if
 * anything else differs, the group is not counted.
 */
function withoutIdleGroup(differing: readonly TransformType[], offers: readonly Proposal[]): readonly TransformType[] {
  const isIdle = offers.some((offer) => !offer.has('key exchange group'));
  return isIdle && differing.length > 1 ? differing.filter((type) => type !== 'key exchange group') : differing;
}

function readProposals(list: string): Proposal[] {
  return list.split(', ').slice(0, MAX_PROPOSALS).flatMap((text) => {
    const [protocol, transforms] = text.split(':');
    return transforms === undefined || !['IKE', 'ESP', 'AH'].includes(protocol ?? '') ? [] : [readProposal(transforms)];
  });
}

function readProposal(transforms: string): Proposal {
  const proposal = new Map<TransformType, Set<string>>();
  for (const name of transforms.split('/')) {
    const type = typeOf(name);
    proposal.set(type, (proposal.get(type) ?? new Set()).add(name));
  }
  return proposal;
}

const PREFIXES: readonly (readonly [string, TransformType])[] = [
  ['PRF_', 'PRF'],
  ['HMAC_', 'integrity'], ['AES_XCBC', 'integrity'], ['AES_CMAC', 'integrity'], ['AES_128_GMAC', 'integrity'],
  ['AES_192_GMAC', 'integrity'], ['AES_256_GMAC', 'integrity'], ['CAMELLIA_XCBC', 'integrity'],
  ['MODP_', 'key exchange group'], ['ECP_', 'key exchange group'], ['CURVE_', 'key exchange group'], ['NTRU_', 'key exchange group'],
  ['NEWHOPE_', 'key exchange group'], ['ML_KEM_', 'key exchange group'], ['KE', 'key exchange group'],
  ['EXT_SEQ', 'extended sequence numbers'], ['NO_EXT_SEQ', 'extended sequence numbers'],
];

function typeOf(name: string): TransformType {
  return PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'encryption';
}

function differingTypes(offer: Proposal, own: Proposal): readonly TransformType[] {
  return [...new Set([...offer.keys(), ...own.keys()])].filter((type) => {
    const names = own.get(type);
    return ![...(offer.get(type) ?? [])].some((name) => names?.has(name));
  });
}
