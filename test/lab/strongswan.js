import { must, exec, background, writeFile } from './host.js';
import { pkiFile, REVOCATIONS } from './pki.js';
import { until } from './shell.js';
export const lines = (settings, indent) => settings.map((setting) => `${' '.repeat(indent)}${setting}\n`).join('');
const SHORT_TIMING = ['retransmit_timeout = 1', 'retransmit_base = 1.5', 'retransmit_tries = 3'];
const FILELOG = 'path = /var/log/charon.log\nike_name = yes\ntime_format = %b %e %T\nflush_line = yes'.split('\n');
/**
 * strongswan.conf. The journal logger of charon-systemd stays when a file is configured; charon's own syslog logger would not, so
 * there is no file where starter runs it.
 */
export function writeStrongswanConf(side, gateway, kind) {
    const own = lines([...(gateway.timing === 'short' ? SHORT_TIMING : []), ...(gateway.setup[kind] ?? [])], 2);
    const plugins = '  plugins {\n    include strongswan.d/charon/*.conf\n  }\n';
    const filelog = kind === 'charon' ? `  filelog {\n    charon {\n${lines(FILELOG, 6)}    }\n  }\n` : '';
    writeFile(side, '/etc/strongswan.conf', `charon {\n  load_modular = yes\n${own}${plugins}${filelog}}\ninclude strongswan.d/*.conf\n`);
    if (gateway.libipsec)
        writeFile(side, '/etc/strongswan.d/charon/kernel-libipsec.conf', 'kernel-libipsec {\n  load = yes\n}\n');
}
/** The settings of one authentication round, for our end or the peer's. */
function round(tunnel, gateway, whose) {
    const ours = whose === 'local';
    const method = methodOf(tunnel, ours === tunnel.client);
    const settings = [
        `auth = ${method}`,
        `id = ${ours ? tunnel.localId : tunnel.peerId}`,
        ...(ours && method === 'pubkey' ? [`certs = ${gateway.cert}.pem`] : []),
        ...(method === 'eap-mschapv2' ? [`eap_id = ${ours ? tunnel.user : '%any'}`] : []),
        ...(tunnel.extra[whose] ?? []),
    ];
    const xauth = tunnel.auth === 'xauth' && ours === tunnel.client;
    const second = `    ${whose}-xauth {\n      auth = xauth\n${ours ? `      xauth_id = ${tunnel.user}\n` : ''}    }\n`;
    return `    ${whose} {\n${lines(settings, 6)}    }\n${xauth ? second : ''}`;
}
/** What one end shows: the client of EAP a password, its server a certificate. */
function methodOf(tunnel, client) {
    if (tunnel.auth === 'eap')
        return client ? 'eap-mschapv2' : 'pubkey';
    return tunnel.auth === 'cert' ? 'pubkey' : 'psk';
}
/** The settings that only some tunnels have. */
function extras(tunnel) {
    return [
        ...(tunnel.aggressive ? ['aggressive = yes'] : []),
        ...(tunnel.dpd ? [`dpd_delay = ${tunnel.dpd}s`, `dpd_timeout = ${tunnel.dpd * 3}s`] : []),
        ...(['cert', 'eap'].includes(tunnel.auth) && tunnel.sendCert ? ['send_cert = always'] : []),
        ...(tunnel.restart ? ['keyingtries = 0'] : []),
        ...(tunnel.virtualIp && tunnel.client ? ['vips = 0.0.0.0'] : []),
        ...(tunnel.pool && !tunnel.client ? [`pools = ${tunnel.name}`] : []),
        ...(tunnel.extra.charon ?? []),
    ];
}
function child(tunnel) {
    const dynamic = (whose) => tunnel.mode === 'transport' || (tunnel.virtualIp && whose);
    const settings = [
        ...(dynamic(tunnel.client) ? [] : [`local_ts = ${tunnel.localNet}`]),
        ...(dynamic(!tunnel.client) ? [] : [`remote_ts = ${tunnel.peerNet}`]),
        ...(tunnel.mode === 'transport' ? ['mode = transport'] : []),
        `esp_proposals = ${tunnel.espProposal}`,
        ...(tunnel.restart ? ['dpd_action = restart'] : []),
        ...(tunnel.extra.child ?? []),
    ];
    return `    children {\n      ${tunnel.name} {\n${lines(settings, 8)}      }\n    }\n`;
}
function connection(tunnel, gateway) {
    const settings = [
        `version = ${tunnel.ike}`,
        `local_addrs = ${tunnel.localAddress}`,
        `remote_addrs = ${tunnel.peerAddress}`,
        `proposals = ${tunnel.ikeProposal}`,
        ...extras(tunnel),
    ];
    const rounds = round(tunnel, gateway, 'local') + round(tunnel, gateway, 'remote');
    return `  ${tunnel.name} {\n${lines(settings, 4)}${rounds}${child(tunnel)}  }\n`;
}
/** IKEv1 main mode looks secrets up by address, before it knows identities. Only the peer's: ours would fit every secret. */
function secret(tunnel, index) {
    const password = `  ${tunnel.auth}-${index} {\n    id = ${tunnel.user}\n    secret = ${tunnel.password}\n  }\n`;
    if (tunnel.auth === 'eap')
        return password;
    if (tunnel.auth === 'cert' || tunnel.psk === null)
        return '';
    const owners = tunnel.ike === 1 ? [tunnel.peerId, tunnel.peerAddress] : [tunnel.peerId];
    const ids = owners.filter((owner) => owner !== '%any').map((owner, n) => `id-${n} = ${owner}`);
    return `  ike-${index} {\n${lines([...ids, `secret = ${tunnel.psk}`], 4)}  }\n${tunnel.auth === 'xauth' ? password : ''}`;
}
function swanctlConf(gateway) {
    const connections = gateway.tunnels.map((tunnel) => connection(tunnel, gateway)).join('');
    const pools = gateway.tunnels.flatMap(({ name, pool, client }) => (pool && !client ? [`  ${name} {\n    addrs = ${pool}\n  }\n`] : []));
    return `connections {\n${connections}}\nsecrets {\n${gateway.tunnels.map(secret).join('')}}\npools {\n${pools.join('')}}\n`;
}
/** Writes everything charon-systemd and swanctl read. */
function configure(side, gateway) {
    writeStrongswanConf(side, gateway, 'charon');
    writeFile(side, '/etc/swanctl/swanctl.conf', swanctlConf(gateway));
    if (!gateway.tunnels.some(({ auth }) => auth === 'cert' || auth === 'eap'))
        return;
    writeFile(side, `/etc/swanctl/x509/${gateway.cert}.pem`, pkiFile(`${gateway.cert}.pem`));
    writeFile(side, `/etc/swanctl/private/${gateway.cert}.key`, pkiFile(`${gateway.cert}.key`));
    writeFile(side, `/etc/swanctl/x509ca/${gateway.ca}.pem`, pkiFile(`${gateway.ca}.pem`));
    if (gateway.crl)
        writeFile(side, `/etc/swanctl/x509crl/${REVOCATIONS}`, pkiFile(REVOCATIONS));
}
/** Starts the daemon and loads its connections. The socket file outlives a killed daemon, so the daemon itself is asked. */
async function start(host, gateway) {
    background(host, '/usr/sbin/charon-systemd', gateway.clock);
    await until('charon', () => exec(host, 'swanctl --stats').status === 0, 60);
    if (gateway.load)
        must(host, 'swanctl --load-all --noprompt');
    else
        must(host, 'swanctl --load-creds --noprompt');
}
/** charon-systemd with swanctl. A client that waits longer than the daemon tries is only in the way. */
export const SWANCTL = {
    configure,
    start,
    stop: 'kill -TERM $(pidof charon-systemd)',
    initiate: (name, seconds) => `swanctl --initiate --child ${name} --timeout ${seconds}`,
    terminate: (name) => `swanctl --terminate --ike ${name} --timeout 10`,
    rekey: (name, what) => `swanctl --rekey --${what} ${name}`,
    process: 'charon-systemd',
};
