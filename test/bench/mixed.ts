import { denseLines } from './dense.js';
import { Random } from './random.js';
import { Stamps } from './stamp.js';

/** Per hundred lines. */
const IPSEC = 5;
/** Maximum milliseconds between two lines, chosen so that the negotiations among them keep their original pace. */
const STEP = 0.36;
const STAMP_LENGTH = 15;
const USERS = ['root', 'admin', 'deploy', 'backup', 'guest'] as const;
const PATHS = ['/', '/index.html', '/api/v1/status', '/static/app.css', '/login'] as const;

type Other = (random: Random) => string;

/**
 * Endless syslog of a whole host with few IPsec lines: what the filter before the pipeline has to skip. The other
 * programs' lines have the forms and lengths most common on such hosts.
 */
export function* mixedLines(seed: number): Generator<string, never> {
  const random = new Random(seed);
  const stamps = new Stamps();
  const ipsec = denseLines(seed + 1);
  for (let time = 0; ; time += random.next() * STEP) {
    const rest = random.between(1, 100) <= IPSEC ? ipsec.next().value.slice(STAMP_LENGTH) : ` gw1 ${random.pick(OTHERS)(random)}`;
    yield stamps.at(time) + rest;
  }
}

const address = (random: Random): string => `203.0.113.${random.between(1, 254)}`;
const pid = (random: Random): number => random.between(300, 32000);

const OTHERS: readonly [Other, ...Other[]] = [
  (random) => `sshd[${pid(random)}]: Failed password for invalid user ${random.pick(USERS)} from ${address(random)} port ${random.between(1024, 65535)} ssh2`,
  (random) => `sshd[${pid(random)}]: Accepted publickey for ${random.pick(USERS)} from ${address(random)} port ${random.between(1024, 65535)} ssh2: ED25519 SHA256:${random.hex(40)}`,
  (random) => `sshd[${pid(random)}]: Connection closed by authenticating user ${random.pick(USERS)} ${address(random)} port ${random.between(1024, 65535)} [preauth]`,
  (random) => `CRON[${pid(random)}]: pam_unix(cron:session): session opened for user ${random.pick(USERS)}(uid=0) by (uid=0)`,
  (random) => `CRON[${pid(random)}]: (${random.pick(USERS)}) CMD (test -x /usr/sbin/anacron || run-parts --report /etc/cron.hourly)`,
  (random) => `kernel: [${random.between(1000, 99999)}.${random.between(100000, 999999)}] filter-drop: IN=eth0 OUT= MAC=${random.hex(12)} SRC=${address(random)} DST=192.0.2.1 LEN=${random.between(40, 1500)} TOS=0x00 PREC=0x00 TTL=${random.between(30, 250)} ID=${random.between(1, 65535)} PROTO=TCP SPT=${random.between(1024, 65535)} DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0`,
  (random) => `postfix/smtpd[${pid(random)}]: connect from mail${random.between(1, 40)}.example.net[${address(random)}]`,
  (random) => `postfix/qmgr[${pid(random)}]: ${random.hex(10).toUpperCase()}: from=<${random.pick(USERS)}@example.net>, size=${random.between(600, 90000)}, nrcpt=1 (queue active)`,
  (random) => `postfix/smtp[${pid(random)}]: ${random.hex(10).toUpperCase()}: to=<${random.pick(USERS)}@example.org>, relay=mx.example.org[198.51.100.250]:25, delay=0.${random.between(10, 99)}, delays=0.04/0/0.09/0.15, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued)`,
  (random) => `nginx: ${address(random)} - - "GET ${random.pick(PATHS)} HTTP/1.1" 200 ${random.between(200, 90000)} "-" "Mozilla/5.0 (X11; Linux x86_64)" ${random.between(1, 900)}ms`,
  (random) => `systemd[1]: session-${random.between(1, 9000)}.scope: Deactivated successfully.`,
  (random) => `dhclient[${pid(random)}]: DHCPACK of 192.0.2.${random.between(2, 254)} from 192.0.2.254`,
];
