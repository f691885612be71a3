import { background, exec, must, writeFile } from './host.js';
import { pkiFile, REVOCATIONS, PKCS12_PASSWORD } from './pki.js';
import { sleep, until } from './shell.js';
/** Libreswan spells SHA2 out, and so does every log of it. */
const spelled = (proposal) => proposal.replaceAll('sha256', 'sha2_256').replaceAll('sha512', 'sha2_512');
/** Names that are to be resolved would be addresses. */
const identity = (id) => (id.startsWith('%') ? id : `@${id}`);
/** The keyword that chooses the IKE version was renamed in 5.0. */
function version(tunnel, daemon) {
    if (daemon === 'ls52')
        return `keyexchange=ikev${tunnel.ike}`;
    return `ikev2=${tunnel.ike === 2 ? 'insist' : 'no'}`;
}
/** What is protected: the networks, an address that the client gets, or in transport mode only the hosts themselves. */
function selectors(tunnel) {
    if (tunnel.mode === 'transport')
        return ['type=transport'];
    const client = tunnel.virtualIp && tunnel.client ? ['leftmodecfgclient=yes', 'rightmodecfgserver=yes', 'modecfgpull=yes'] : [`leftsubnet=${tunnel.localNet}`];
    const server = tunnel.pool && !tunnel.client ? ['leftmodecfgserver=yes', 'rightmodecfgclient=yes', 'modecfgpull=yes', `rightaddresspool=${tunnel.pool}`] : [`rightsubnet=${tunnel.peerNet}`];
    return [...client, ...server];
}
function authentication(tunnel, gateway) {
    const ends = tunnel.client ? ['leftxauthclient=yes', 'rightxauthserver=yes', `leftusername=${tunnel.user}`] : ['leftxauthserver=yes', 'rightxauthclient=yes', 'xauthby=file'];
    if (tunnel.auth === 'cert')
        return ['authby=rsasig', `leftcert=${gateway.cert}`, 'leftsendcert=always'];
    return tunnel.auth === 'xauth' ? ['authby=secret', ...ends] : ['authby=secret'];
}
function connection(tunnel, gateway, daemon) {
    const settings = [
        `left=${tunnel.localAddress}`,
        `leftid=${identity(tunnel.localId)}`,
        `right=${tunnel.peerAddress}`,
        `rightid=${identity(tunnel.peerId)}`,
        ...selectors(tunnel),
        version(tunnel, daemon),
        `ike=${spelled(tunnel.ikeProposal)}`,
        `esp=${spelled(tunnel.espProposal)}`,
        ...(tunnel.aggressive ? ['aggressive=yes'] : []),
        ...authentication(tunnel, gateway),
        ...(gateway.timing === 'short' ? ['retransmit-timeout=8s'] : []),
        ...(tunnel.dpd ? [`dpddelay=${tunnel.dpd}s`, ...(tunnel.ike === 1 ? [`dpdtimeout=${tunnel.dpd * 3}s`] : [])] : []),
        ...(tunnel.extra.pluto ?? []),
        `auto=${gateway.load ? 'add' : 'ignore'}`,
    ];
    return `conn ${tunnel.name}\n${settings.map((setting) => `\t${setting}\n`).join('')}\n`;
}
/** Without ikev1-policy=accept newer versions drop IKEv1 before they look for a connection. */
function setup(gateway) {
    const settings = [
        ...(gateway.ikev1 ? ['ikev1-policy=accept'] : []),
        ...(gateway.logfile ? ['logfile=/var/log/pluto.log'] : []),
        ...(gateway.setup.pluto ?? []),
    ];
    return `config setup\n${settings.map((setting) => `\t${setting}\n`).join('')}\n`;
}
function secret(tunnel) {
    const password = tunnel.auth === 'xauth' && tunnel.client ? `@${tunnel.user} : XAUTH "${tunnel.password}"\n` : '';
    if (tunnel.auth === 'cert' || tunnel.psk === null)
        return password;
    return `${identity(tunnel.localId)} ${identity(tunnel.peerId)} : PSK "${tunnel.psk}"\n${password}`;
}
/** Writes everything pluto reads; certificates enter its database when the host runs. */
function configure(side, gateway, daemon) {
    const connections = gateway.tunnels.map((tunnel) => connection(tunnel, gateway, daemon)).join('');
    writeFile(side, '/etc/ipsec.conf', setup(gateway) + connections);
    writeFile(side, '/etc/ipsec.secrets', gateway.tunnels.map(secret).join(''));
    if (!gateway.tunnels.some((tunnel) => tunnel.auth === 'cert'))
        return;
    writeFile(side, '/etc/ipsec.d/gateway.p12', pkiFile(`${gateway.cert}.p12`));
    writeFile(side, '/etc/ipsec.d/ca.pem', pkiFile(`${gateway.ca}.pem`));
    if (gateway.crl)
        writeFile(side, `/etc/ipsec.d/${REVOCATIONS}`, pkiFile(REVOCATIONS));
}
/** The peer's issuer is the one CA that counts: the database must trust it even if our own certificate has another. */
function importCertificates(host) {
    if (exec(host, 'test -e /etc/ipsec.d/gateway.p12').status !== 0)
        return;
    must(host, `pk12util -i /etc/ipsec.d/gateway.p12 -d sql:/var/lib/ipsec/nss -W ${PKCS12_PASSWORD} -K ''`);
    must(host, 'certutil -A -n trusted -t CT,, -i /etc/ipsec.d/ca.pem -d sql:/var/lib/ipsec/nss');
    const list = `/etc/ipsec.d/${REVOCATIONS}`;
    if (exec(host, `test -e ${list}`).status === 0)
        must(host, `crlutil -I -B -i ${list} -d sql:/var/lib/ipsec/nss`);
}
/** XAuth's passwords, as crypt wants them: only the host's own openssl knows which hashes its library understands. */
function writePasswords(host, gateway) {
    for (const { auth, client, user, password, name } of gateway.tunnels)
        if (auth === 'xauth' && !client)
            must(host, `echo "${user}:$(openssl passwd -5 '${password}'):${name}" >> /etc/ipsec.d/passwd`);
}
/** Starts pluto, and waits until the helper with which it loads its connections has done what it could. */
async function start(host, gateway) {
    if (exec(host, 'test -d /var/lib/ipsec/nss/').status !== 0 || exec(host, 'test -e /var/lib/ipsec/nss/cert9.db').status !== 0) {
        must(host, 'mkdir -p /run/pluto /var/lib/ipsec/nss && ipsec initnss');
        importCertificates(host);
        writePasswords(host, gateway);
    }
    background(host, 'ipsec pluto --config /etc/ipsec.conf --nofork', gateway.clock);
    if (!gateway.starts)
        return sleep(2);
    await until('pluto', () => exec(host, 'ipsec whack --status && ! pidof addconn').status === 0, 60);
}
/** pluto with whack. */
export const WHACK = {
    configure,
    start,
    stop: 'ipsec whack --shutdown',
    initiate: (name, seconds) => `timeout ${seconds} ipsec whack --initiate --name ${name}`,
    terminate: (name) => `ipsec whack --terminate --name ${name}`,
    rekey: (name, what) => `timeout 15 ipsec whack --rekey-${what === 'ike' ? 'ike' : 'ipsec'} --name ${name}`,
    process: 'pluto',
};
