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
  ipsec-logwatch '/var/log/auth.log*' --timeline     rotated and compressed files too, with every attempt's lines
  ipsec-logwatch west.log east.log                   both gateways' logs: each side's reason, from whichever knows it
  ipsec-logwatch gw.log swanctl.txt --checklist      each step from IKE to traffic: confirmed, refuted, or how to find out
  ipsec-logwatch --journal --since 2h                the journal of this host, the last two hours
  journalctl -u strongswan -o json | ipsec-logwatch  a journal that journalctl prints, here or elsewhere
  tail -n +1 -F /var/log/secure | ipsec-logwatch     live: says what fails, stalls and recovers; Ctrl-C sums up
  ipsec-logwatch --follow '/var/log/*.log'           the same for files, over their rotation
  ipsec-logwatch log --connection office --since 2h  one connection, the last two hours
  ipsec-logwatch log --format json                   for programs (report.schema.json)

Exit status: 0 nothing fails, 1 something fails, 2 could not run, or not read everything.
`;

/** Defines the command line. Errors of commander are thrown (see main.ts), they never exit the process. */
export function createProgram(actions: Actions, finish: (status: number) => void): Command {
  const program = new Command('ipsec-logwatch')
    .description('Finds the first failure of each IPsec negotiation in logs of strongSwan, Libreswan, racoon and their kin, and its cause.')
    .version(packageVersion())
    .enablePositionalOptions()
    .argument('[inputs...]', 'files, globs, directories, or - for standard input (the default in a pipe)')
    .option('--format <format>', 'text, json, or ndjson (one object a line, live too)', 'text')
    .option('--journal [unit...]', 'read the systemd journal, of these units or of all that are about IPsec; with the times of --since and --until')
    .option('--follow', 'read on as the files grow, over rotation, truncation and deletion; files that come later too')
    .option('--state <file>', 'with --follow: go on where the last run was, however it ended')
    .option('--output <file>', 'with --follow: append what is told to a file of its own')
    .option('--timeline', "each attempt's whole story, the first failure marked")
    .option('--checklist', 'the debugging checklist for each connection, answered as far as the evidence goes')
    .option('--connection <name>', 'only this connection')
    .option('--peer <address>', 'only connections with this peer')
    .option('--since <time>', 'from then on: 2026-11-20T10:00, 10:00 (today) or 2h (before now)')
    .option('--until <time>', 'up to then, likewise')
    .option('--utc-offset <offset>', 'offset of stamps that have none, such as +01:00 (default: UTC)')
    .option('--zone <zone>', 'time zone of stamps that have none, such as Europe/Berlin')
    .option('--year <year>', 'year of the last line, where stamps have none')
    .option('--unknown', 'list the messages that no signature understands')
    .option('--threads <1|2>', 'processor threads to use (default: 2 for large files; 1 takes less memory)')
    .option('--rules <dir>', 'further rules besides the built-in ones; may be repeated', collect, [])
    .option('--no-color', 'no colours (also NO_COLOR, or when the output is no terminal)')
    .addHelpText('after', EXAMPLES)
    .action(async (inputs: string[], options: RawOptions) => finish(await actions.analyze(inputs, options)));
  addRules(program, actions, finish);
  return program;
}

function addRules(program: Command, actions: Actions, finish: (status: number) => void): void {
  const rules = program.command('rules').description('what the rules know, and whether they are in order');
  const add = (usage: string, summary: string): Command =>
    rules
      .command(usage)
      .description(summary)
      .option('--rules <dir>', 'further rules besides the built-in ones; may be repeated', collect, [])
      .action(async (...given: unknown[]) => {
        const command = given.at(-1) as Command;
        const { rules: directories, update, kinds } = command.opts<{ rules: string[]; update?: true; kinds?: true }>();
        finish(await actions.rules(command.name(), command.args, { rules: directories, update: update === true, kinds: kinds === true }));
      });
  add('list [prefix...]', 'the causes with their titles, and the files of signatures, whose ids begin so').option('--kinds', 'the kinds of events instead: what messages can mean');
  add('show <id...>', 'as prose: a cause, a file of signatures (charon/ike-auth), or a kind of event (auth.psk_missing)');
  add('lint', 'all checks over the rule files');
  add('test [id...]', 'the examples in the rule files').option('--update', 'write the expected fields');
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
