import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_ROOT, rootOf } from './paths.js';
import { run } from './shell.js';
const HOME = join(LAB_ROOT, 'pki');
export const PKCS12_PASSWORD = 'laboratory';
/** Good ones, and one of each kind of bad. */
const CERTIFICATES = [
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
];
/** The list of revoked certificates, signed by their issuer. */
export const REVOCATIONS = 'lab.crl';
/** The pki and openssl of the strongSwan chroot do the work; what they print is ours. */
const shell = (command) => run('chroot', [rootOf('ss598'), 'sh', '-c', `cd /root/pki && ${command}`]);
function makeAuthority(name, subject) {
    shell(`pki --gen --type rsa --size 2048 --outform pem > ${name}.key`);
    shell(`pki --self --ca --lifetime 3650 --in ${name}.key --dn "${subject}" --outform pem > ${name}.pem`);
}
function makeCertificate({ name, issuer, san, from, until, flags = '--flag serverAuth --flag clientAuth' }) {
    const dates = from && until ? `--not-before "${from}" --not-after "${until}"` : '--lifetime 1825';
    shell(`pki --gen --type rsa --size 2048 --outform pem > ${name}.key`);
    const subject = `--dn "C=CH, O=Example, CN=${san}" --san ${san} ${flags}`;
    const issue = `pki --issue ${dates} --cacert ${issuer}.pem --cakey ${issuer}.key ${subject} --outform pem`;
    shell(`pki --pub --in ${name}.key | ${issue} > ${name}.pem`);
    const bundle = `openssl pkcs12 -export -inkey ${name}.key -in ${name}.pem -certfile ${issuer}.pem -name ${name}`;
    shell(`${bundle} -passout pass:${PKCS12_PASSWORD} -out ${name}.p12`);
}
/** Makes the laboratory's certificates once; they outlive its runs so that samples stay comparable. */
export function makePki() {
    const made = (name) => existsSync(join(HOME, name));
    if (made(REVOCATIONS) && CERTIFICATES.every(({ name }) => made(`${name}.p12`)))
        return;
    const work = join(rootOf('ss598'), 'root/pki');
    for (const directory of [HOME, work])
        mkdirSync(directory, { recursive: true });
    run('cp', ['-rT', HOME, work]);
    if (!made('lab.pem'))
        makeAuthority('lab', 'C=CH, O=Example, CN=Example Lab CA');
    if (!made('foreign.pem'))
        makeAuthority('foreign', 'C=CH, O=Other, CN=Foreign CA');
    CERTIFICATES.filter(({ name }) => !made(`${name}.p12`)).forEach(makeCertificate);
    const revoked = ['east-revoked', 'west-revoked'].map((name) => `--reason superseded --cert ${name}.pem`).join(' ');
    shell(`pki --signcrl --cacert lab.pem --cakey lab.key --lifetime 3650 ${revoked} > ${REVOCATIONS}`);
    run('cp', ['-rT', work, HOME]);
    rmSync(work, { recursive: true });
}
export const pkiFile = (name) => readFileSync(join(HOME, name));
