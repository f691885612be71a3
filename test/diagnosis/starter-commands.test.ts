import { expect, test } from 'vitest';
import { forEither, forStarter, settingsOfEither, settingsOfStarter, STARTER_COMMANDS, STARTER_SETTINGS } from '../../src/diagnosis/starter-commands.js';
import { CHECKLIST } from '../../src/checklist/items/index.js';
import { analyzeLines } from '../../src/pipeline.js';
import { ownRemedies, textsOf } from './own-remedies.js';

const remedies = ownRemedies.filter((remedy) => remedy.for === 'charon' || remedy.for === 'any');

/** Names that exist in swanctl.conf only. Post-quantum keys and offload cannot be configured in ipsec.conf at all. */
const SWANCTL = /swanctl|\b(?:local|remote)_(?:ts|addrs)\b|\b(?:local|remote)\.(?:auth|id)\b|esp_proposals|\b(?:start|dpd|close)_action|(?:rekey|life|over|reauth)_time|\bversion = |\bunique = |mark_(?:in|out)|send_cert\b|hw_offload=|\baaa_id\b/;

test('no advice for a gateway with a starter names a command or a setting of swanctl', () => {
  expect(remedies.length).toBeGreaterThan(100);
  expect(remedies.map((remedy) => settingsOfStarter(remedy.do)).filter((advice) => SWANCTL.test(advice))).toEqual([]);
  expect(remedies.map(({ command = '' }) => forStarter(command)).filter((command) => /\bswanctl --/.test(command))).toEqual([]);
});

test('each of the equivalents stands for words of a remedy or of the checklist, which may have been reworded', () => {
  const commands = [...ownRemedies.map(({ command = '' }) => command), ...textsOf(CHECKLIST)].map((command) => command.replace(/\[\[|\]\]/g, ''));
  expect(unused(STARTER_COMMANDS, commands)).toEqual([]);
  expect(unused(STARTER_SETTINGS, remedies.map((remedy) => remedy.do))).toEqual([]);
});

/** The patterns that match none of the texts, each text being what the patterns before have left of it. */
function unused(equivalents: readonly (readonly [RegExp, string])[], texts: readonly string[]): string[] {
  let left = texts;
  return equivalents.flatMap(([pattern, equivalent]) => {
    const matches = left.some((text) => text.search(pattern) >= 0);
    left = left.map((text) => text.replace(pattern, equivalent));
    return matches ? [] : [pattern.source];
  });
}

test('a finding of such a gateway has the settings of ipsec.conf', async () => {
  const log = (program: string): string[] => [
    `Nov  1 00:00:01 gw ${program}: 09[IKE] <net|1> initiating IKE_SA net[1] to 198.51.100.7`, `Nov  1 00:00:01 gw ${program}: 09[ENC] <net|1> parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]`,
    `Nov  1 00:00:01 gw ${program}: 09[IKE] <net|1> received NO_PROPOSAL_CHOSEN notify error`,
  ];
  const adviceOf = async (lines: readonly string[]): Promise<string> => {
    const { connections, findingsOf } = await analyzeLines(lines, { rules: [], now: 0 });
    return JSON.stringify(connections.flatMap(({ attempts }) => attempts.flatMap(findingsOf)).map((finding) => finding.remedies.filter(({ side }) => side === 'here')));
  };
  expect(await adviceOf(log('charon-systemd'))).toContain('proposals of the connection');
  expect(await adviceOf(log('ipsec[812]'))).toContain('ike= of the connection');
  expect(await adviceOf(log('starter[812]'))).toContain('ike= of the connection');
  expect(await adviceOf(['Nov  1 00:00:00 gw starter[7]: charon (812) started after 20 ms', ...log('charon')])).toContain('ike= of the connection');
  const bare = log('charon').map((line) => line.slice(line.indexOf('> ') + 2).replace(/^.*<net\|1> /, ''));
  expect(await adviceOf(['root@gw:~# ipsec up net', ...bare])).toContain('ike= of the connection');
  expect(await adviceOf(['root@gw:~# swanctl --initiate --ike net', ...bare])).toContain('proposals of the connection');
  expect(await adviceOf(['Nov  1 00:00:00 gw starter[7]: swans are here', ...log('charon')])).toContain('proposals of the connection');
  expect(await adviceOf(['Nov  1 00:00:00 gw charon: 08[CFG] added vici connection: net', ...log('charon')])).not.toContain('ipsec.conf');
  expect(await adviceOf(log('charon'))).toMatch(/proposals of the connection.* With ipsec\.conf: ike= of the connection\./);
});

test('where nothing tells how charon is configured, both forms are given', () => {
  expect(forEither('swanctl --load-conns; swanctl --list-conns')).toBe('swanctl --load-conns || ipsec reload; swanctl --list-conns || ipsec statusall');
  expect(forEither('grep -rns proposals /etc/swanctl /etc/strongswan')).toBe("grep -rns proposals /etc/swanctl /etc/strongswan; grep -nE '^[[:space:]]*(ike|esp|ah)[[:space:]]*=' /etc/ipsec.conf");
  expect(forEither('swanctl --load-all')).toBe('swanctl --load-all || { ipsec reload; ipsec rereadall; }');
  expect(forEither('ipsec auto --status')).toBe('ipsec auto --status');
  expect(settingsOfEither('Compare local_ts and remote_ts.')).toBe('Compare local_ts and remote_ts. With ipsec.conf: leftsubnet, rightsubnet.');
  expect(settingsOfEither('Set remote.auth = eap-..., or local.id.')).toBe('Set remote.auth = eap-..., or local.id. With ipsec.conf: rightauth=eap-..., leftid.');
  expect(settingsOfEither('Remove vips (leftsourceip= in ipsec.conf).')).toBe('Remove vips (leftsourceip= in ipsec.conf).');
});
