import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_ROOT, rootOf } from './paths.js';
import { run } from './shell.js';

const HOME = join(LAB_ROOT, 'pki');
export const PKCS12_PASSWORD = 'laboratory';

interface Certificate {
  name: string;
  issuer: string;
  /** The common name; also the subjectAltName, unless `cn` is set. */
  san: string;
  cn?: true;
  /** Validity; from now on for years if omitted. */
  from?: string;
  until?: string;
  /** Permitted use; authentication of server and client if omitted. */
  flags?: string;
  /** Options of `pki --gen` and the signature's hash; RSA 2048 and SHA-256 if omitted. */
  key?: string;
  digest?: string;
  /** Where its revocation can be asked for: nothing listens there. */
  revocation?: string;
}

/** Valid ones, and one of each invalid kind. */
const CERTIFICATES: readonly Certificate[] = [
  { name: 'west', issuer: 'lab', san: 'west.example.com' },
  { name: 'east', issuer: 'lab', san: 'east.example.com' },
  { name: 'north', issuer: 'lab', san: 'north.example.com' },
  { name: 'east-expired', issuer: 'lab', san: 'east.example.com', from: '01.01.23 00:00:00', until: '01.02.24 00:00:00' },
  { name: 'west-expired', issuer: 'lab', san: 'west.example.com', from: '01.01.23 00:00:00', until: '01.02.24 00:00:00' },
  { name: 'east-future', issuer: 'lab', san: 'east.example.com', from: '01.01.35 00:00:00', until: '01.01.36 00:00:00' },
  { name: 'east-foreign', issuer: 'foreign', san: 'east.example.com' },
  { name: 'west-foreign', issuer: 'foreign', san: 'west.example.com' },
  { name: 'east-othersan', issuer: 'lab', san: 'gateway.example.net' },
  { name: 'east-revoked', issuer: 'lab', san: 'east.example.com' },
  { name: 'west-revoked', issuer: 'lab', san: 'west.example.com' },
  { name: 'east-unsuitable', issuer: 'lab', san: 'east.example.com', flags: '--flag ocspSigning' },
  { name: 'east-client', issuer: 'lab', san: 'east.example.com', flags: '--flag clientAuth' },
  ...['east', 'west'].flatMap((host): Certificate[] => {
    const of = { issuer: 'lab', san: `${host}.example.com` };
    return [
      { ...of, name: `${host}-2030`, from: '01.01.26 00:00:00', until: '01.01.30 00:00:00' },
      { ...of, name: `${host}-sub`, issuer: 'sub' },
      { ...of, name: `${host}-nosan`, cn: true },
      { ...of, name: `${host}-short`, key: '--type rsa --size 1024' },
      { ...of, name: `${host}-ec`, key: '--type ecdsa --size 256' },
      { ...of, name: `${host}-sha1`, digest: 'sha1' },
      { ...of, name: `${host}-cdp`, revocation: '--crl http://198.51.100.1/lab.crl' },
      { ...of, name: `${host}-old`, issuer: 'old' },
      { ...of, name: `${host}-plain`, issuer: 'plain' },
      { ...of, name: `${host}-ocsp`, revocation: '--ocsp http://198.51.100.1/ocsp' },
    ];
  }),
];

/** A self-signed certificate without the basic constraints of an authority. */
const PLAIN = 'C=CH, O=Example, CN=Example Plain CA';

/** The certificate revocation list, signed by its issuer, and an earlier one, whose next update is overdue. */
export const REVOCATIONS = 'lab.crl';
const OVERDUE = 'lab-overdue.crl';

/** Uses pki and openssl of the strongSwan chroot. */
const shell = (command: string): string => run('chroot', [rootOf('ss598'), 'sh', '-c', `cd /root/pki && ${command}`]);

function makeAuthority(name: string, subject: string, options = '--ca --lifetime 3650'): void {
  shell(`pki --gen --type rsa --size 2048 --outform pem > ${name}.key`);
  shell(`pki --self ${options} --in ${name}.key --dn "${subject}" --outform pem > ${name}.pem`);
}

/** An intermediate CA of the lab's root. With the root alone, no chain to its certificates can be built. */
function makeIntermediate(name: string, subject: string): void {
  shell(`pki --gen --type rsa --size 2048 --outform pem > ${name}.key`);
  shell(`pki --pub --in ${name}.key | pki --issue --ca --lifetime 3650 --cacert lab.pem --cakey lab.key --dn "${subject}" --outform pem > ${name}.pem`);
}

function makeCertificate(certificate: Certificate): void {
  const { name, issuer, san, cn, from, until, flags = '--flag serverAuth --flag clientAuth', key = '--type rsa --size 2048', digest = 'sha256', revocation = '' } = certificate;
  const dates = from && until ? `--not-before "${from}" --not-after "${until}"` : '--lifetime 1825';
  shell(`pki --gen ${key} --outform pem > ${name}.key`);
  const subject = `--dn "C=CH, O=Example, CN=${san}" ${cn ? '' : `--san ${san}`} ${flags} ${revocation}`;
  const issue = `pki --issue ${dates} --digest ${digest} --cacert ${issuer}.pem --cakey ${issuer}.key ${subject} --outform pem`;
  shell(`pki --pub --type ${key.includes('ecdsa') ? 'ecdsa' : 'rsa'} --in ${name}.key | ${issue} > ${name}.pem`);
  const bundle = `openssl pkcs12 -export -inkey ${name}.key -in ${name}.pem ${['sub', 'plain'].includes(issuer) ? '' : `-certfile ${issuer}.pem`} -name ${name}`;
  shell(`${bundle} -passout pass:${PKCS12_PASSWORD} -out ${name}.p12`);
}

/** Creates the laboratory's certificates once; they are kept across runs, so that samples stay comparable. */
export function makePki(): void {
  const made = (name: string): boolean => existsSync(join(HOME, name));
  if (made(REVOCATIONS) && made(OVERDUE) && CERTIFICATES.every(({ name }) => made(`${name}.p12`))) return;
  const work = join(rootOf('ss598'), 'root/pki');
  for (const directory of [HOME, work]) mkdirSync(directory, { recursive: true });
  run('cp', ['-rT', HOME, work]);
  if (!made('lab.pem')) makeAuthority('lab', 'C=CH, O=Example, CN=Example Lab CA');
  if (!made('foreign.pem')) makeAuthority('foreign', 'C=CH, O=Other, CN=Foreign CA');
  if (!made('old.pem')) makeAuthority('old', 'C=CH, O=Example, CN=Example Old CA', '--ca --not-before "01.01.20 00:00:00" --not-after "01.02.24 00:00:00"');
  if (!made('plain.pem')) makeAuthority('plain', PLAIN);
  if (!made('sub.pem')) makeIntermediate('sub', 'C=CH, O=Example, CN=Example Site CA');
  CERTIFICATES.filter(({ name }) => !made(`${name}.p12`)).forEach(makeCertificate);
  // Only an authority can issue certificates; this one ceases to be one afterwards
  if (!made('plain.pem')) shell(`pki --self --lifetime 3650 --in plain.key --dn "${PLAIN}" --outform pem > plain.pem`);
  const revoked = ['east-revoked', 'west-revoked'].map((name) => `--reason superseded --cert ${name}.pem`).join(' ');
  if (!made(REVOCATIONS)) shell(`pki --signcrl --cacert lab.pem --cakey lab.key --lifetime 3650 ${revoked} > ${REVOCATIONS}`);
  if (!made(OVERDUE)) shell(`pki --signcrl --cacert lab.pem --cakey lab.key --this-update "01.03.25 00:00:00" --next-update "01.04.25 00:00:00" ${revoked} > ${OVERDUE}`);
  run('cp', ['-rT', work, HOME]);
  rmSync(work, { recursive: true });
}

/** The list that a gateway has. */
export const revocations = (crl: true | 'overdue'): Buffer => pkiFile(crl === true ? REVOCATIONS : OVERDUE);

export const pkiFile = (name: string): Buffer => readFileSync(join(HOME, name));
