import { Command } from 'commander';
import { packageVersion } from '../package-files.js';
import type { RulesOptions } from './commands/rules.js';
import type { RawOptions } from './options.js';

/** The actions of the command line. */
export interface Actions {
  analyze(inputs: readonly string[], options: RawOptions): Promise<number>;
  rules(action: string, args: readonly string[], options: RulesOptions): Promise<number>;
}

const EXAMPLES = `
Examples:
  ipsec-logwatch /var/log/syslog                     what fails, why, and what to check next
  ipsec-logwatch '/var/log/auth.log*' --timeline     rotated and compressed files too, each attempt line by line
  ipsec-logwatch west.log east.log                   both gateways' logs: each side's reason, from whichever knows it
  ipsec-logwatch gw.log swanctl.txt --checklist      each step from IKE to traffic: confirmed, refuted, or how to find out
  ipsec-logwatch --journal --since 2h                this host's journal, the last two hours
  journalctl -u strongswan -o json | ipsec-logwatch  the output of journalctl, from this host or another
  tail -n +1 -F /var/log/secure | ipsec-logwatch     live: reports failures, stalls and recoveries; Ctrl-C sums up
  ipsec-logwatch --follow '/var/log/*.log'           the same for files, across rotation
  ipsec-logwatch log --connection office --since 2h  one connection, the last two hours
  ipsec-logwatch log --format json                   for programs (report.schema.json)

Exit status: 0 nothing fails, 1 something fails, 2 could not run or could not read everything.
`;

/** Defines the command line. Errors of commander are thrown (see main.ts), they never exit the process. */
export function createProgram(actions: Actions, finish: (status: number) => void): Command {
  const program = new Command('ipsec-logwatch')
    .description('Finds the first failure of each IPsec negotiation in the logs of strongSwan, Libreswan, racoon and related daemons, and its cause.')
    .version(packageVersion())
    .enablePositionalOptions()
    .argument('[inputs...]', 'files, globs, directories, or - for standard input (the default in a pipe)')
    .option('--format <format>', 'text, json, or ndjson (one object per line, also live)', 'text')
    .option('--journal [unit...]', 'read the systemd journal: these units, or everything about IPsec; --since and --until apply')
    .option('--follow', 'keep reading as the files grow, across rotation, truncation and deletion; also files created later')
    .option('--state <file>', 'with --follow: resume where the last run stopped, however it ended')
    .option('--output <file>', 'with --follow: append the output to this file')
    .option('--timeline', 'each attempt line by line, the first failure marked')
    .option('--checklist', 'the debugging checklist for each connection, answered as far as the evidence goes')
    .option('--connection <name>', 'only this connection')
    .option('--peer <address>', 'only connections with this peer')
    .option('--peer-product <name>', 'what the peer is, if the log does not show it: palo-alto, mikrotik, aws, ... (rules list products)')
    .option('--since <time>', 'from this time on: 2026-11-20T10:00, 10:00 (today) or 2h (before now)')
    .option('--until <time>', 'up to this time, in the same forms')
    .option('--utc-offset <offset>', 'UTC offset of time stamps without one, such as +01:00 (default: UTC)')
    .option('--zone <zone>', 'time zone of time stamps without one, such as Europe/Berlin')
    .option('--year <year>', 'year of the last line, if time stamps have none')
    .option('--unknown', 'list the messages that match no signature')
    .option('--threads <1|2>', 'processor threads to use (default: 2 for large files; 1 uses less memory)')
    .option('--rules <dir>', 'directory of additional rules; may be repeated', collect, [])
    .option('--no-color', 'no colours (also with NO_COLOR, or if the output is not a terminal)')
    .addHelpText('after', EXAMPLES)
    .action(async (inputs: string[], options: RawOptions) => finish(await actions.analyze(inputs, options)));
  addRules(program, actions, finish);
  return program;
}

function addRules(program: Command, actions: Actions, finish: (status: number) => void): void {
  const rules = program.command('rules').description('list, show, check and test the rules');
  const add = (usage: string, summary: string): Command =>
    rules
      .command(usage)
      .description(summary)
      .option('--rules <dir>', 'directory of additional rules; may be repeated', collect, [])
      .action(async (...given: unknown[]) => {
        const command = given.at(-1) as Command;
        const { rules: directories, update, kinds } = command.opts<{ rules: string[]; update?: true; kinds?: true }>();
        finish(await actions.rules(command.name(), command.args, { rules: directories, update: update === true, kinds: kinds === true }));
      });
  add('list [prefix...]', 'list the causes with their titles, and the signature files, whose ids begin with a prefix').option('--kinds', 'list the event kinds instead: what messages can mean');
  add('show <id...>', 'show as prose a cause, a signature file (charon/ike-auth) or an event kind (auth.psk_missing)');
  add('lint', 'run all checks on the rule files');
  add('test [id...]', 'run the examples in the rule files').option('--update', 'write the expected fields');
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
