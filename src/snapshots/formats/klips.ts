import type { KernelSaObservation } from '../../model/observation.js';
import type { SourceLine } from '../../model/source-line.js';
import { numberOf, spiOf } from '../format.js';
import type { SnapshotFormat } from '../format.js';
import { shorten } from '../text.js';

const EROUTE = /^(?:(\d{1,15}) +)?(\S{2,50}) +-> (\S{2,50}) +=> (%(?:trap|hold|pass|drop|reject|passthrough)|(?:tun|esp|ah|comp)(?:0x|[.:])[0-9a-f]{1,8}@\S{2,45})/;
const SA = /^(esp|ah|tun|comp)(?:0x|[.:])([0-9a-f]{1,8})@([0-9a-fA-F.:]{2,45}) (\S{1,40}): dir=(in|out) +src=([0-9a-fA-F.:]{2,45})(.{0,1000})/;
const ATTACHED = /^(ipsec\d+|mast\d+) ?-> ?(\S{1,20}) mtu=(\d+)\(\d+\) ?-> ?\d+/;

/** Bundles of `ipsec spigrp`, and `ipsec klipsdebug` flags: recognised, but nothing in them is needed. */
const BUNDLE = /^(?:(?:tun|esp|ah|comp)(?:0x|[.:])[0-9a-f]{1,8}@[0-9a-fA-F.:]{2,45}(?: |$)){1,4}$/;
const DEBUGGING = /^debug_[a-z]{2,12}=[0-9a-f]{8}\.$/;

/** `gw.example.com Sat Nov 21 19:28:35 UTC 2026`: the first line of `ipsec look`. */
const DATED = /^\S{1,64} [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,8} \d{4}$/;

/** KLIPS' `/proc/net/ipsec_eroute`, `ipsec_spi`, `ipsec_spigrp`, `ipsec_tncfg` and `ipsec_klipsdebug`, as `ipsec look` and `ipsec barf` show them. */
export const KLIPS: SnapshotFormat = {
  name: 'klips',
  opens: (text) => EROUTE.test(text) || SA.test(text) || ATTACHED.test(text) || BUNDLE.test(text) || DEBUGGING.test(text),
  start: (emit) => ({
    take(line) {
      const eroute = EROUTE.exec(line.text);
      const sa = eroute === null ? SA.exec(line.text) : null;
      const attached = ATTACHED.exec(line.text);
      if (eroute !== null) {
        const [, packets, source = '', destination = '', target = ''] = eroute;
        emit({ type: 'eroute', format: 'klips', line, source, destination, target, packets: Number(packets ?? /\((\d{1,15})\)\s*$/.exec(line.text)?.[1] ?? 0) });
      } else if (sa !== null) emit(readSa(line, sa));
      else if (attached !== null) emit({ type: 'setting', format: 'klips', line, name: `klips ${attached[1] ?? ''}`, value: attached[2] ?? '' });
      else return BUNDLE.test(line.text) || DEBUGGING.test(line.text) || DATED.test(line.text);
      return true;
    },
    end: () => undefined,
  }),
};

function readSa(line: SourceLine, [, protocol = '', spi, destination = '', , , source = '', rest = '']: RegExpExecArray): KernelSaObservation {
  const value = (key: string): number | null => numberOf(new RegExp(String.raw`\b${key}=(\d{1,18})`).exec(rest)?.[1]);
  const { packets, bytes } = traffic(rest);
  return {
    type: 'kernel-sa', format: 'klips', line: { ...line, text: shorten(line.text.replace(/ iv_bits=.*| iv=.*/, ''), 200) }, source, destination, protocol, spi: spiOf(spi) ?? 0, reqid: null, mode: null, state: 'mature',
    udpEncapsulated: / natencap=(?!na\b|none\b)\S/.test(rest), integrity: null, integrityBits: null, mark: null, interfaceId: null, replayWindow: value('ooowin'),
    packets, bytes, failures: value('auth_errs'), replays: null, late: value('ooo_errs'),
    lifetime: { age: lifeCount(rest, 'addtime'), soft: null, hard: null }, selector: null,
  };
}

/**
 * Counters of zero are omitted (ipsec_life.c), and the packet counter even up to one: an SA that carried anything shows
 * bytes.
 */
function traffic(rest: string): { packets: number | null; bytes: number | null } {
  const bytes = lifeCount(rest, 'bytes');
  if (!/ life\(c,s,h\)=\S+ /.test(rest)) return { packets: null, bytes };
  return { packets: lifeCount(rest, 'packets') ?? (bytes === null ? 0 : 1), bytes: bytes ?? 0 };
}

/** `life(c,s,h)=bytes(20496,0,0)addtime(64,0,0)...`: the first number is the current value. */
function lifeCount(rest: string, key: string): number | null {
  return numberOf(new RegExp(String.raw`${key}\((\d{1,18}),`).exec(rest)?.[1]);
}
