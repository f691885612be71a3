import { expect, test } from 'vitest';
import { ruleSchemas } from '../../src/catalog/json-schema.js';

/** `vitest run -u test/catalog` rewrites them. */
test.each(Object.entries(ruleSchemas()))('rules/%s is what the shapes say', async (name, schema) => {
  await expect(schema).toMatchFileSnapshot(`../../rules/${name}`);
});
