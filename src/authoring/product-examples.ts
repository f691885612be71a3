import type { Problem } from '../model/problem.js';
import type { Product } from '../model/product.js';
import type { Report } from '../model/report.js';
import type { AnalyzeLines } from './cause-examples.js';

/** Finds the place of an example in its file. */
export type LocateProductExample = (product: Product, index: number) => Problem['where'];

/** Checks the examples of products: the peer of exactly one failed attempt must be recognised as this product. */
export async function checkProductExamples(products: readonly Product[], analyzeLines: AnalyzeLines, locate: LocateProductExample): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const product of products) {
    for (const [index, { name, log }] of product.examples.entries()) {
      const peers = failedPeers(await analyzeLines([...log]));
      if (peers.filter((peer) => peer === product.id).length === 1) continue;
      const message = `Expected ${product.id} as the peer of one failed attempt, got: ${peers.join(', ') || 'no failed attempt'} (example "${name}")`;
      problems.push({ level: 'error', check: 'example-unrecognised', message, where: locate(product, index), help: 'Correct the vendor IDs or names of the product, or the lines of the example.' });
    }
  }
  return problems;
}

function failedPeers({ connections }: Report): string[] {
  return connections.flatMap(({ attempts }) => attempts).filter(({ firstFailure }) => firstFailure !== null).map(({ peerProduct }) => peerProduct?.id ?? 'an unknown product');
}
