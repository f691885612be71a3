import type { DaemonMessage } from '../model/daemon-message.js';
import { reworded } from '../model/lazy-finding.js';
import type { FilledRemedy, Finding } from '../model/report.js';
import type { Diagnosis } from './diagnose.js';
import { forPlatform, GENERATED_FILES, platformOf } from './platform-commands.js';
import type { Platform } from './platform-commands.js';
import { forEither, forStarter, isOfAnySetup, isStarterCommand, settingsOfEither, settingsOfStarter, showsStarter, showsVici } from './starter-commands.js';

/** What goes from the thread that reads to the one that diagnoses. */
export interface KnownSetups {
  readonly starters: readonly string[];
  readonly vicis: readonly string[];
  readonly charons: readonly string[];
  readonly platforms: readonly (readonly [string, Platform])[];
}

/**
 * How the daemons of each host are run, as far as its log tells, on which the commands and files there depend. A host of
 * which nothing is told is taken for Linux; if it runs charon, its commands and settings are given in both forms.
 */
export class HostSetups {
  private readonly starters = new Set<string>();
  private readonly vicis = new Set<string>();
  /** Hosts whose charon may be configured in either way. */
  private readonly charons = new Set<string>();
  private readonly platforms = new Map<string, Platform>();
  /** A console shows a command that, if the daemon is charon, only the starter's socket answers. */
  private hasStarterCommand = false;

  note(message: DaemonMessage): void {
    const { host } = message.record;
    if (!this.starters.has(host) && showsStarter(message)) this.starters.add(host);
    // This runs for every line, and there is nothing more to learn of a host that has both
    if (!this.vicis.has(host) || !this.charons.has(host)) this.noteSetup(message);
    const platform = platformOf(message);
    if (platform !== null) this.platforms.set(host, platform);
  }

  /** Takes a line that is no log line: perhaps a command that only the starter answers, if the daemon is charon. */
  noteStatus(text: string): void {
    this.hasStarterCommand ||= isStarterCommand(text);
    this.judgeConsole();
  }

  private noteSetup(message: DaemonMessage): void {
    const { host } = message.record;
    if (showsVici(message)) this.vicis.add(host);
    else if (isOfAnySetup(message)) this.charons.add(host);
    this.judgeConsole();
  }

  private judgeConsole(): void {
    if (this.hasStarterCommand && this.charons.has('')) this.starters.add('');
  }

  /** Charon is configured by ipsec.conf there. */
  noteStarter(host: string): void {
    this.starters.add(host);
  }

  noteAll({ starters, vicis, charons, platforms }: KnownSetups): void {
    for (const host of starters) this.starters.add(host);
    for (const host of vicis) this.vicis.add(host);
    for (const host of charons) this.charons.add(host);
    for (const [host, platform] of platforms) this.platforms.set(host, platform);
  }

  known(): KnownSetups {
    return { starters: [...this.starters], vicis: [...this.vicis], charons: [...this.charons], platforms: [...this.platforms] };
  }

  /** The command in the form that the host needs; null if it has no such command. */
  command(host: string, command: string): string | null {
    const platform = this.platforms.get(host);
    const own = this.starters.has(host) ? forStarter(command) : this.isOpen(host) ? forEither(command) : command;
    return platform === undefined ? own : forPlatform(platform, own);
  }

  /** Findings with what is to be done at the host in its own terms, as known at the time of the call. */
  fit(host: string, findings: readonly Finding[]): readonly Finding[] {
    if (!this.starters.has(host) && !this.platforms.has(host) && !this.isOpen(host)) return findings;
    return findings.map((finding, index) => reworded(finding, { remedies: (remedies) => this.fitRemedies(host, remedies, index === 0) }));
  }

  /** Does nothing tell how charon is configured there? Where it runs on another system than Linux, its packages tell. */
  private isOpen(host: string): boolean {
    return this.charons.has(host) && !this.starters.has(host) && !this.vicis.has(host) && !this.platforms.has(host);
  }

  private fitRemedies(host: string, remedies: readonly FilledRemedy[], isBest: boolean): FilledRemedy[] {
    const platform = this.platforms.get(host);
    const settings = platform === 'freebsd' && isBest ? remedies.find(isSetting) : undefined;
    return remedies.flatMap((remedy): FilledRemedy[] => {
      if (remedy.side === 'peer') return [remedy];
      // An app has neither the settings of a daemon nor a shell
      if (platform === 'android' && remedy.side === 'here' && remedy.for !== 'any') return [];
      const action = this.starters.has(host) ? settingsOfStarter(remedy.do) : this.isOpen(host) ? settingsOfEither(remedy.do) : remedy.do;
      return [{ ...remedy, do: remedy === settings ? `${action} ${GENERATED_FILES}` : action, command: remedy.command === null ? null : this.command(host, remedy.command) }];
    });
  }
}

/** Advice about the daemon's settings: whatever is for one daemon only, or names no command. */
function isSetting({ side, for: daemon, command }: FilledRemedy): boolean {
  return side === 'here' && (command === null || daemon !== 'any');
}

/** A diagnosis whose findings are fitted to the hosts. */
export function withSetups(diagnosis: Diagnosis, setups: HostSetups): Diagnosis {
  return {
    recognise: (attempt, hostFailures, tunnel) => diagnosis.recognise(attempt, hostFailures, tunnel),
    explain: (causes, attempt, hostFailures, tunnel) => setups.fit(attempt.connection.host, diagnosis.explain(causes, attempt, hostFailures, tunnel)),
    productOf: (attempt) => diagnosis.productOf(attempt),
    diagnoseHost: async (entry) => setups.fit(entry.event.message.record.host, await diagnosis.diagnoseHost(entry)),
    diagnoseTunnel: async (entry, tunnel) => setups.fit(tunnel.connection.host, await diagnosis.diagnoseTunnel(entry, tunnel)),
  };
}
