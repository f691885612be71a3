import type { Proposal, TransformType } from './proposal-difference.js';

/** Limit on proposals: nobody configures more, and the input may be hostile. */
const MAX_PROPOSALS = 32;

const KEYS: Readonly<Record<string, TransformType>> = {
  ENCR: 'encryption', INTEG: 'integrity', PRF: 'PRF', DH: 'key exchange group', KE: 'key exchange group', ESN: 'extended sequence numbers',
};

/** Was the list written by pluto rather than charon? */
export function isOfPluto(list: string): boolean {
  return list.includes('ENCR=') || list.includes('INTEG=');
}

/**
 * Parses proposals as pluto logs the received ones,
 * `1:IKE:ENCR=AES_CBC_256;INTEG=HMAC_SHA2_256_128;PRF=HMAC_SHA2_256;DH=MODP2048,DH19 2:IKE:...`, or the configured
 * ones, `IKE=AES_CBC_256-HMAC_SHA2_256-HMAC_SHA2_256_128-MODP2048+DH19, IKE=...`.
 */
export function readPlutoProposals(list: string): Proposal[] {
  return list.split(/,? +/).slice(0, MAX_PROPOSALS).map((text) => {
    const body = text.replace(/^(?:\d+:)?(?:(?:IKE|ESP|AH)[=:])?(?:\d+:(?:IKE|ESP|AH):)?/, '').replace(/\[first-match\]$/, '');
    return isOfPluto(body) ? readKeyed(body) : readDashed(body);
  }).filter(({ size }) => size > 0);
}

function readKeyed(body: string): Proposal {
  const proposal = new Map<TransformType, Set<string>>();
  for (const part of body.split(';')) {
    const [key = '', names = ''] = part.split('=');
    const type = KEYS[key];
    if (type !== undefined) add(proposal, type, names.split(','));
  }
  return proposal;
}

function readDashed(body: string): Proposal {
  const proposal = new Map<TransformType, Set<string>>();
  for (const [index, part] of body.split('-').entries()) {
    const names = part.split('+');
    add(proposal, index === 0 ? 'encryption' : typeOf(names[0] ?? ''), names);
  }
  return proposal;
}

/**
 * A PRF is named after its hash, `HMAC_SHA2_256`; an integrity algorithm also has a length in bits,
 * `HMAC_SHA2_256_128`.
 */
function typeOf(name: string): TransformType {
  if (/^(?:HMAC_(?:MD5|SHA1|SHA2_\d+)|AES_XCBC)$/.test(name)) return 'PRF';
  if (/^(?:MODP\d|DH\d|CURVE|ECP|NONE\+DH)/.test(name)) return 'key exchange group';
  return /^(?:EN|DIS)ABLED$|^(?:YES|NO)$/.test(name) ? 'extended sequence numbers' : 'integrity';
}

/**
 * Skips `NONE`, which means no such transform. 3.x writes the ICV length of GCM and CCM as a letter, which is
 * normalised.
 */
function add(proposal: Map<TransformType, Set<string>>, type: TransformType, names: readonly string[]): void {
  const real = names.filter((name) => name !== 'NONE' && name !== '')
    .map((name) => name.replace(/^(AES_[GC]CM)_A/, '$1_8').replace(/^(AES_[GC]CM)_B/, '$1_12').replace(/^(AES_[GC]CM)_C/, '$1_16'));
  if (real.length > 0) proposal.set(type, new Set([...(proposal.get(type) ?? []), ...real]));
}
