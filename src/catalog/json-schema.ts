import { z } from 'zod';
import { CAUSE_FILE, SIGNATURE_FILE } from './shapes.js';

/** The JSON Schemas that editors use: `rules/cause.schema.json` and `rules/signature.schema.json`, as file contents. */
export function ruleSchemas(): { readonly 'cause.schema.json': string; readonly 'signature.schema.json': string } {
  return {
    'cause.schema.json': render('A cause of failing negotiations', CAUSE_FILE),
    'signature.schema.json': render('What messages of a daemon mean', SIGNATURE_FILE),
  };
}

function render(title: string, shape: z.ZodType): string {
  return `${JSON.stringify({ title, ...z.toJSONSchema(shape, { io: 'input' }) }, null, 2)}\n`;
}
