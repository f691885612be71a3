/** Number of other connections that come and go while one is in progress. */
const OPEN_FOR = 25;
const EVERY = 10;

/**
 * Messages of a charon whose connections all fail, each once; every tenth takes long, so that it stays open while much
 * else happens.
 */
export function* failures(): Generator<{ readonly messages: readonly string[]; readonly failed: readonly string[] }, never> {
  for (let number = 1; ; number += 1) {
    const slow = number - OPEN_FOR;
    const opens = number % EVERY === 0;
    const ends = slow > 0 && slow % EVERY === 0;
    yield {
      messages: [...opening(number), ...(opens ? [] : closing(number)), ...(ends ? closing(slow) : [])],
      failed: [...(opens ? [] : [nameOf(number)]), ...(ends ? [nameOf(slow)] : [])],
    };
  }
}

const nameOf = (number: number): string => `gw-${number}`;

function opening(number: number): string[] {
  const sa = `<${nameOf(number)}|${number}>`;
  return [
    `05[IKE] ${sa} initiating IKE_SA ${nameOf(number)}[${number}] to 198.51.100.7`,
    `05[ENC] ${sa} generating IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) ]`,
    `05[NET] ${sa} sending packet: from 192.0.2.1[500] to 198.51.100.7[500] (464 bytes)`,
    `06[NET] ${sa} received packet: from 198.51.100.7[500] to 192.0.2.1[500] (448 bytes)`,
    `06[ENC] ${sa} parsed IKE_SA_INIT response 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) ]`,
    `06[ENC] ${sa} generating IKE_AUTH request 1 [ IDi AUTH SA TSi TSr ]`,
  ];
}

function closing(number: number): string[] {
  const sa = `<${nameOf(number)}|${number}>`;
  return [`07[ENC] ${sa} parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]`, `07[IKE] ${sa} received AUTHENTICATION_FAILED notify error`];
}

/** Pseudo-random numbers in [0, 1), the same for each seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
