import { defineConfig } from 'vitest/config';

/** Where to write the results as JSON, besides what is printed. */
const results = process.env['TEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The longest test takes 14 s on two idle cores: a slow or busy machine is no failure. What must be fast is measured.
    testTimeout: 90_000,
    reporters: results === undefined ? ['default'] : ['default', 'json'],
    ...(results === undefined ? {} : { outputFile: { json: results } }),
  },
});
