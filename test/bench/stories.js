import { readFileSync } from 'node:fs';
/** How often a sample's story is told. charon's successes count more, as on a gateway that mostly works; the samples have none of pluto. */
const SOURCES = [
    [4, 'charon', 'peer-deleted-sa-ss598-ss598/west.charon.log'],
    [4, 'charon', 'success-ikev2-ss598-ss598/east.charon.log'],
    [1, 'charon', 'psk-mismatch-ikev2-ls410-ss598/east.charon.log'],
    [1, 'charon', 'psk-mismatch-ikev1-ss598-ls410/west.charon.log'],
    [1, 'charon', 'ike-proposal-mismatch-ss598-ls410/west.charon.log'],
    [1, 'charon', 'esp-proposal-mismatch-ss598-ss598/east.charon.log'],
    [1, 'charon', 'cert-expired-ss598-ss598/west.charon.log'],
    [1, 'charon', 'udp500-blocked-ss598-ls410/west.charon.log'],
    [1, 'charon', 'blocked-then-open-ss598-ss598/west.charon.log'],
    [1, 'pluto', 'esp-proposal-mismatch-ss598-ls410/east.syslog.log'],
    [1, 'pluto', 'psk-mismatch-ikev2-ls410-ss598/west.syslog.log'],
    [1, 'pluto', 'psk-mismatch-ikev2-ls410-ls410/east.syslog.log'],
    [1, 'pluto', 'id-mismatch-ikev1-ls410-ss598/west.syslog.log'],
    [1, 'pluto', 'cert-expired-ls410-ss598/west.syslog.log'],
    [1, 'pluto', 'udp500-blocked-ls410-ss598/west.syslog.log'],
];
/** How an SA ends that was up: a gateway's SAs don't pile up, so a story that ends well goes on with the lines behind this one. */
const ENDING = 'peer-deleted-sa-ss598-ss598/west.charon.log';
const IS_UP = /CHILD_SA \S+ established/;
const STAMP = /^[A-Z][a-z]{2} [ \d]\d (\d\d):(\d\d):(\d\d) /;
const SYSLOG_HEADER = /^\S+ pluto\[\d+\]: /;
/** The daemons' last words before they negotiate; what stands before is told once in a daemon's life. */
const READY = /added vici connection: |loading secrets from /;
const SLOTS = /(?<=[<|])\d+(?=>)|(?<=west-east[[{])\d+(?=[\]}])|(?<=#)\d+|[0-9a-f]{8}(?=_[io]\b)|(?<=0x)[0-9a-f]{8}\b|(?:west|east)\.example\.com|west-east|192\.0\.2\.10\b|198\.51\.100\.20\b/g;
/** The stories in the samples of this repository, each as often as it is told in its turn. Throws when a sample is missing. */
export function readStories(daemon) {
    const told = SOURCES.filter((source) => source[1] === daemon);
    const stories = told.flatMap(([times, , file]) => Array(times).fill(readStory(daemon, file)));
    const [first, ...others] = stories;
    if (first === undefined)
        throw new Error(`no stories by ${daemon}`);
    return [first, ...others];
}
function readStory(daemon, file) {
    const told = capturedLines(file, READY);
    const isLeftUp = file !== ENDING && told.some((line) => IS_UP.test(line));
    const ending = isLeftUp ? storyLines(capturedLines(ENDING, IS_UP), ENDING, daemon) : [];
    const lines = [...storyLines(told, file, daemon), ...ending];
    if (lines.length === 0)
        throw new Error(`samples/${file} tells nothing`);
    return { daemon, lines, serials: Math.max(1, ...lines.flatMap(({ slots }) => slots.map((slot) => (typeof slot === 'object' ? slot.serial : 0)))) };
}
/** The lines of a sample behind the last one that matches. */
function capturedLines(file, after) {
    const all = readFileSync(new URL(`../../samples/${file}`, import.meta.url), 'utf8').trimEnd().split('\n');
    return all.slice(all.findLastIndex((line) => after.test(line)) + 1);
}
function storyLines(captured, file, daemon) {
    const lines = [];
    let before;
    for (const text of captured) {
        const [stamp, hours, minutes, seconds] = STAMP.exec(text) ?? [];
        const body = text.slice(stamp?.length ?? 0);
        if (stamp === undefined || (daemon === 'pluto' && !SYSLOG_HEADER.test(body)))
            continue;
        const second = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
        lines.push({ wait: Math.max(0, second - (before ?? second)) * 1000, ...split(body.replace(SYSLOG_HEADER, ''), file.includes('/west.')) });
        before = second;
    }
    return lines;
}
function split(text, isWest) {
    const texts = [];
    const slots = [];
    let end = 0;
    for (const match of text.matchAll(SLOTS)) {
        texts.push(text.slice(end, match.index));
        slots.push(slotOf(match[0], isWest));
        end = match.index + match[0].length;
    }
    return { texts: [...texts, text.slice(end)], slots };
}
function slotOf(text, isWest) {
    switch (text) {
        case 'west-east': return 'name';
        case '192.0.2.10': return isWest ? 'local' : 'peer';
        case '198.51.100.20': return isWest ? 'peer' : 'local';
        case 'west.example.com': return isWest ? 'localId' : 'peerId';
        case 'east.example.com': return isWest ? 'peerId' : 'localId';
        default: return text.length === 8 ? 'spi' : { serial: Number(text) };
    }
}
