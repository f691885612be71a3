/** What people do to log lines before pasting them; `essential`: index in the excerpt of the line that matters. */
export type ExcerptForm = (lines: readonly string[], essential: number) => readonly string[];

interface FormEntry {
  readonly make: ExcerptForm;
  /** Minimum percentage of excerpts whose first failure must be found; where all were found, one may be missed. */
  readonly atLeast: number;
}

const ENVELOPE = /^(?<stamp>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^ :]*(?::\d\d)?):? (?:(?<host>\w[\w.-]*) (?<tag>[\w./-]+(?:\[\d+\])?): )?/;
const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;

/** The manipulations by name, with the required result. */
export const EXCERPT_FORMS: Readonly<Record<string, FormEntry>> = {
  'as it is': { atLeast: 94, make: (lines) => lines },
  'the line alone': { atLeast: 77, make: (lines, essential) => [lines[essential] ?? ''] },
  'without stamps': { atLeast: 94, make: each((text) => { const { host, tag, message } = partsOf(text); return tag === '' ? message : `${host} ${tag}: ${message}`; }) },
  'without stamps and host': { atLeast: 94, make: each((text) => { const { tag, message } = partsOf(text); return tag === '' ? message : `${tag}: ${message}`; }) },
  'messages only': { atLeast: 94, make: each((text) => partsOf(text).message) },
  'messages without thread': { atLeast: 94, make: each((text) => partsOf(text).message.replace(/^\d\d(?=\[[A-Z]{3}\])/, '')) },
  'sentences only': { atLeast: 83, make: each(sentenceOf) },
  'sentences behind a time': { atLeast: 88, make: each((text) => `${/\d\d:\d\d:\d\d/.exec(text)?.[0] ?? ''} ${partsOf(text).message}`) },
  'the same numbered by cat -n': { atLeast: 88, make: (lines) => lines.map((text, index) => `${String(index + 1).padStart(6)}\t${/\d\d:\d\d:\d\d/.exec(text)?.[0] ?? ''} ${partsOf(text).message}`) },
  'addresses x.x.x.x': { atLeast: 94, make: each((text) => text.replace(ADDRESS, 'x.x.x.x')) },
  'addresses XXX': { atLeast: 94, make: each((text) => text.replace(ADDRESS, 'XXX')) },
  'addresses <my-ip>': { atLeast: 94, make: each((text) => text.replace(ADDRESS, (address) => (address.startsWith('192') ? '<my-ip>' : '<peer-ip>'))) },
  'addresses as names': { atLeast: 94, make: each((text) => text.replace(ADDRESS, (address) => (address.startsWith('192') ? 'client' : 'myserver.example'))) },
  'addresses hidden in an odd way': { atLeast: 94, make: each((text) => text.replace(ADDRESS, '?.?.?.?')) },
  'ports and SPIs masked': { atLeast: 94, make: each((text) => text.replace(/(?<=[\][:])(?:500|4500)\b/g, 'XXX').replace(/\b[\da-f]{8}(?=_[io]\b)/g, 'xxxxxxxx')) },
  'broken at 80': { atLeast: 77, make: (lines) => lines.flatMap((text) => text.match(/.{1,80}/g) ?? ['']) },
  'broken between words': { atLeast: 70, make: (lines) => lines.flatMap((text) => text.match(/\S.{0,78}(?= |$)|\S{80,}/g) ?? ['']) },
  'cut off at 132': { atLeast: 77, make: each((text) => (text.length > 132 ? `${text.slice(0, 131)}>` : text)) },
  'cut off at 80': { atLeast: 55, make: each((text) => text.slice(0, 80)) },
  'with line ends written out': { atLeast: 94, make: each((text) => `${text}\\n`) },
  'shown by cat -A': { atLeast: 94, make: each((text) => `${text}$`) },
  'in a window with a border': { atLeast: 94, make: each((text) => `${text.padEnd(150)}│`) },
  'as rows of CSV': { atLeast: 94, make: each((text) => `"${text.replaceAll('"', '""')}"`) },
  'as a tracker escapes it': { atLeast: 94, make: each((text) => text.replace(/([[\]<>*_#])/g, '\\$1')) },
  'as an editor escapes it': { atLeast: 94, make: each((text) => text.replaceAll('_', '\\_')) },
  'as metalog writes it': { atLeast: 94, make: each((text) => `${text.slice(0, 15)} [${partsOf(text).tag.replace(/\[.*/, '')}] ${partsOf(text).message}_`) },
  'as metalog writes it, in a list': { atLeast: 94, make: each((text) => `- ${text.slice(0, 15)} [${partsOf(text).tag.replace(/\[.*/, '')}] ${partsOf(text).message}_`) },
  'joined': { atLeast: 50, make: (lines) => [lines.join(' ')] },
  'quoted': { atLeast: 94, make: each((text) => `> ${text}`) },
  'code': { atLeast: 94, make: each((text) => `\`${text}\``) },
  'bullets': { atLeast: 94, make: each((text) => `- ${text}`) },
  'of a page': { atLeast: 94, make: each((text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')) },
  'numbered': { atLeast: 94, make: (lines) => lines.map((text, index) => `${index + 37}: ${text}`) },
  'blank lines between': { atLeast: 94, make: (lines) => lines.flatMap((text) => [text, '']) },
  'in prose': { atLeast: 94, make: (lines) => ['Hello, since the update my tunnel does not come up, and this is what I see:', ...lines, '', 'I have restarted both gateways. Any idea?'] },
  'below a title': { atLeast: 94, make: (lines, essential) => [`IPsec: "${sentenceOf(lines[essential] ?? '')}"`, '', ...lines] },
  'with something left out': { atLeast: 88, make: (lines, essential) => [...lines.slice(0, 1), '[...]', ...lines.slice(Math.max(1, essential - 1))] },
  'the first line without its prefix': { atLeast: 88, make: (lines) => lines.map((text, index) => (index === 0 ? partsOf(text).message : text)) },
  'the first two lines as sentences': { atLeast: 88, make: (lines) => lines.map((text, index) => (index < 2 ? sentenceOf(text) : text)) },
  'every second line without its prefix': { atLeast: 88, make: (lines) => lines.map((text, index) => (index % 2 === 0 ? partsOf(text).message : text)) },
  'messages only, masked, quoted': { atLeast: 88, make: each((text) => `> ${partsOf(text).message.replace(ADDRESS, 'x.x.x.x')}`) },
};

function each(change: (text: string) => string): ExcerptForm {
  return (lines) => lines.map(change);
}

function partsOf(text: string): { readonly host: string; readonly tag: string; readonly message: string } {
  const { 0: envelope = '', groups: { host = '', tag = '' } = {} } = ENVELOPE.exec(text) ?? {};
  return { host, tag, message: text.slice(envelope.length) };
}

/** The message without the daemon's prefix. */
function sentenceOf(text: string): string {
  return partsOf(text).message.replace(/^\d\d\[[A-Z]{3}\] (?:<[^>]*\d> )?/, '').replace(/^"[^"]*"(?:\[\d+\] \S+)? #\d+(?: [A-Z_\d]+)?: /, '');
}
