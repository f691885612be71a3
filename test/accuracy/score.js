import { UNEXPLAINED } from '../../src/report/host-findings.js';
/** Compares; the expectation is never consulted to choose among findings, only to judge them. */
export function score(report, log) {
    const failed = report.connections.flatMap(({ attempts }) => attempts).filter(({ firstFailure }) => firstFailure !== null);
    const attempt = failed.find(({ firstFailure }) => isMeant(firstFailure, log));
    const host = report.hostFindings.filter((finding) => isMeant(finding, log));
    const findings = attempt?.findings ?? host;
    const wanted = log.canKnow || log.truth === null ? log.accepted : [log.truth];
    const rank = findings.findIndex(({ cause }) => wanted.includes(cause));
    const healthy = log.firstFailure === null;
    return {
        log,
        role: attempt?.role ?? (host.length > 0 ? 'host' : report.connections[0]?.attempts[0]?.role ?? 'none'),
        firstFailureRight: healthy ? null : attempt !== undefined || host.length > 0,
        rank: rank < 0 ? null : rank,
        undecided: findings.every(({ confidence }) => confidence === 'possible'),
        falseAlarms: healthy ? [...failed.map(describe), ...report.hostFindings.map(({ line, text }) => `line ${line}: ${text}`)] : [],
        confidentlyWrong: [...failed.flatMap((each) => confident(each.findings)), ...confident(report.hostFindings)].filter((cause) => !isRight(cause, log)),
    };
}
function isMeant(claim, { firstFailure }) {
    if (claim === null || firstFailure === null)
        return false;
    return firstFailure.line === null ? claim.text.includes(firstFailure.text) : claim.line === firstFailure.line;
}
function confident(findings) {
    return findings.filter(({ confidence, cause }, index) => cause !== UNEXPLAINED && (confidence === 'certain' || (confidence === 'likely' && index === 0))).map(({ cause }) => cause);
}
function isRight(cause, { accepted, truth, also, never }) {
    return (accepted.includes(cause) || also.includes(cause) || cause === truth) && !never.includes(cause);
}
function describe({ firstFailure }) {
    return `line ${firstFailure?.line}: ${firstFailure?.text}`;
}
