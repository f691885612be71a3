import { z } from 'zod';
import { CAUSE_FILE, PRODUCT_FILE, SIGNATURE_FILE } from './shapes.js';

/** The JSON Schemas that editors use: `rules/cause.schema.json` and its neighbours, as file contents. */
export function ruleSchemas(): Readonly<Record<'cause.schema.json' | 'signature.schema.json' | 'product.schema.json', string>> {
  return {
    'cause.schema.json': render('A cause of failing negotiations', CAUSE_FILE),
    'signature.schema.json': render('What messages of a daemon mean', SIGNATURE_FILE),
    'product.schema.json': render('What a peer is recognised by, and where its log is', PRODUCT_FILE),
  };
}

function render(title: string, shape: z.ZodType): string {
  return `${JSON.stringify({ title, ...z.toJSONSchema(shape, { io: 'input' }) }, null, 2)}\n`;
}
