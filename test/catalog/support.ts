import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A rules directory with these files, which exists for the duration of the test. Contents other than strings are
 * written as JSON.
 */
export function rulesDirectory(files: Readonly<Record<string, unknown>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'rules-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
  return directory;
}

export const SIGNATURES = {
  signatures: [
    {
      event: 'auth.psk_missing',
      templates: ["no shared key found for '{local.id}' - '{peer.id}'"],
      examples: [{ message: "no shared key found for 'a' - 'b'", fields: { 'local.id': 'a', 'peer.id': 'b' } }],
    },
    {
      event: 'auth.psk_missing',
      templates: ['no pre-shared key found'],
      set: { 'auth.method': 'psk' },
      examples: [{ message: 'no pre-shared key found', fields: { 'auth.method': 'psk' } }],
    },
  ],
};

export const CAUSE = {
  title: 'There is no key',
  side: 'here',
  explanation: 'No key for {peer.id}.',
  when: [{ on: ['auth.psk_missing'], confidence: 'certain' }],
  remedies: [{ side: 'here', for: 'charon', do: 'Add one for {peer.id}.', command: 'swanctl --load-creds' }],
  examples: { fires: [{ name: 'none', log: ['one line'] }], silent: [{ name: 'another', log: ['other line'] }] },
};
