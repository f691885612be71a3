#!/usr/bin/env node
import { fileURLToPath } from 'node:url';

import { loadCompiled } from '../dist/compiled-code.js';

const { exports: command, keep } = loadCompiled(fileURLToPath(new URL('../dist/main.cjs', import.meta.url)));

process.exitCode = await command.main(process.argv.slice(2), keep);
// All is said. To leave by itself, the process would first collect its garbage, a tenth of a short run.
if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
