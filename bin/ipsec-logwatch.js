#!/usr/bin/env node
const { join } = require('node:path');

const { loadCompiled } = require('../dist/compiled-code.cjs');

const { exports: command, keep } = loadCompiled(join(__dirname, '../dist/main.cjs'), require);

command.main(process.argv.slice(2), keep).then((status) => {
  process.exitCode = status;
  // A natural exit would first collect garbage, which takes a tenth of a short run.
  if (command.isAllWritten()) process.exit();
});
