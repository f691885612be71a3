#!/usr/bin/env node
import module from 'node:module';

// Node.js 22 and newer keep compiled code between runs.
module.enableCompileCache?.();

const { main } = await import('../dist/main.js');

process.exitCode = await main(process.argv.slice(2));
if (process.stdout.writableLength + process.stderr.writableLength === 0) {
  // All is said. To leave by itself, the process would first collect its garbage, a tenth of a short run.
  module.flushCompileCache?.();
  process.exit();
}
