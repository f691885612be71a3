/**
 * Short month names, lower case and without the final dot, as C libraries and GUIs print them in many languages.
 * Languages in which a name means a different month than here (Croatian `lip`, `srp`, `lis`) are left out.
 */
const NAMES: readonly string[] = [
  'jan january januar janv ene gen sty led янв ian oca tammi січ',
  'feb february februar févr fév fevr fev febr úno фев şub sub helmi лют',
  'mar march mär mrz mars mrt maalis bře мар márc märz maa бер',
  'apr april avr abr kwi dub апр ápr nis huhti huh кві',
  'may mai maj mei mag máj kvě май мая touko тра',
  'jun june juni juin giu cze kesä июн jún iun haz čen чер',
  'jul july juli juil lug lip čec июл júl iul tem heinä лип',
  'aug august août aout ago sie srp авг ağu agu elo сер',
  'sep sept september set szept wrz zář сен eyl syys вер',
  'oct october okt oktober out ott paź říj окт eki loka жов',
  'nov november lis ноя kas marras',
  'dec december dez dic déc des gru pro дек ara joulu гру',
];

const MONTHS: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap((names, index) => names.split(' ').map((name) => [name.normalize('NFC'), index + 1] as const)),
);

/** The month (1 to 12) that a word names: `Nov`, `nov`, `févr.`, `11`. 0 for anything else. */
export function monthOf(word: string): number {
  const number = Number(word);
  if (Number.isInteger(number)) return number >= 1 && number <= 12 ? number : 0;
  return MONTHS.get((word.endsWith('.') ? word.slice(0, -1) : word).toLowerCase().normalize('NFC')) ?? 0;
}
