import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_ROOT, rootOf } from './paths.js';
import { run } from './shell.js';

const HOME = join(LAB_ROOT, 'pki');
export const PKCS12_PASSWORD = 'laboratory';

interface Certificate {
  name: string;
  issuer: string;
  san: string;
  /** The end of its validity, when it is not in the future. */
  until?: string;
}

/** Good ones, and one of each kind of bad. */
const CERTIFICATES: readonly Certificate[] = [
  { name: 'west', issuer: 'lab', san: 'west.example.com' },
  { name: 'east', issuer: 'lab', san: 'east.example.com' },
  { name: 'east-expired', issuer: 'lab', san: 'east.example.com', until: '01.02.24 00:00:00' },
  { name: 'west-expired', issuer: 'lab', san: 'west.example.com', until: '01.02.24 00:00:00' },
  { name: 'east-foreign', issuer: 'foreign', san: 'east.example.com' },
  { name: 'west-foreign', issuer: 'foreign', san: 'west.example.com' },
  { name: 'east-othersan', issuer: 'lab', san: 'gateway.example.net' },
];

/** The pki and openssl of the strongSwan chroot do the work, with their output as text on our side. */
const shell = (command: string): string => run('chroot', [rootOf('ss598'), 'sh', '-c', `cd /root/pki && ${command}`]);

function makeAuthority(name: string, subject: string): void {
  shell(`pki --gen --type rsa --size 2048 --outform pem > ${name}.key`);
  shell(`pki --self --ca --lifetime 3650 --in ${name}.key --dn "${subject}" --outform pem > ${name}.pem`);
}

function makeCertificate({ name, issuer, san, until }: Certificate): void {
  const dates = until ? `--not-before "01.01.23 00:00:00" --not-after "${until}"` : '--lifetime 1825';
  shell(`pki --gen --type rsa --size 2048 --outform pem > ${name}.key`);
  const subject = `--dn "C=CH, O=Example, CN=${san}" --san ${san} --flag serverAuth --flag clientAuth`;
  const issue = `pki --issue ${dates} --cacert ${issuer}.pem --cakey ${issuer}.key ${subject} --outform pem`;
  shell(`pki --pub --in ${name}.key | ${issue} > ${name}.pem`);
  const bundle = `openssl pkcs12 -export -inkey ${name}.key -in ${name}.pem -certfile ${issuer}.pem -name ${name}`;
  shell(`${bundle} -passout pass:${PKCS12_PASSWORD} -out ${name}.p12`);
}

/** Makes the laboratory's certificates once; they outlive its runs so that samples stay comparable. */
export function makePki(): void {
  if (existsSync(join(HOME, 'east-othersan.p12'))) return;
  run('mkdir', ['-p', join(rootOf('ss598'), 'root/pki')]);
  makeAuthority('lab', 'C=CH, O=Example, CN=Example Lab CA');
  makeAuthority('foreign', 'C=CH, O=Other, CN=Foreign CA');
  CERTIFICATES.forEach(makeCertificate);
  mkdirSync(LAB_ROOT, { recursive: true });
  run('cp', ['-r', join(rootOf('ss598'), 'root/pki'), HOME]);
}

export const pkiFile = (name: string): Buffer => readFileSync(join(HOME, name));
