import { spawnSync } from 'node:child_process';

import { inPackage } from '../src/package-files.js';

/**
 * The last step of `npm run build`: a typical run with both gateways' logs, which stores the compiled code it needed
 * (src/cli/compiled-code.ts).
 */
const { status, stderr } = spawnSync(process.execPath, [inPackage('bin/ipsec-logwatch.js'), inPackage('samples/psk-mismatch-ikev2-ls410-ss598')], { encoding: 'utf8' });
if (status !== 1) throw new Error(`a sample of a failing tunnel gives exit status ${status}: ${stderr}`);
