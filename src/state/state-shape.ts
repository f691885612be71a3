import type { LogPlaces, PartPlaces, Place } from '../model/follow.js';
import type { SavedOutput } from './output.js';
import type { State } from './state-file.js';

type Unchecked<T> = { readonly [Key in keyof T]?: unknown } | null | undefined;

/** Is it a state as this program saves it, in every part that the next run relies on? Anything may have written the file. */
export function isState(value: unknown): value is State {
  const state = value as Unchecked<State>;
  return state?.version === 1 && isNumber(state.written) && isListOf(state.logs, isLog) && isListOf(state.told, isText) && isListOf(state.failing, isCounted) && isOutput(state.output);
}

function isLog(value: unknown): boolean {
  const log = value as Unchecked<LogPlaces>;
  return isText(log?.path) && isListOf(log.parts, isPart);
}

function isPart(value: unknown): boolean {
  const part = value as Unchecked<PartPlaces>;
  const head = part?.head as Unchecked<PartPlaces['head']>;
  return isNumber(part?.dev) && isNumber(part.ino) && isNumber(head?.bytes) && isText(head.hash) && isPlace(part.from) && isPlace(part.to);
}

function isPlace(value: unknown): boolean {
  const place = value as Unchecked<Place>;
  return isNumber(place?.offset) && isNumber(place.lines);
}

function isOutput(value: unknown): boolean {
  const output = value as Unchecked<SavedOutput>;
  const file = output?.file as Unchecked<NonNullable<SavedOutput['file']>>;
  return isText(output?.pending) && (file === null || (isNumber(file?.dev) && isNumber(file.ino) && isNumber(file.length)));
}

const isCounted = (value: unknown): boolean => Array.isArray(value) && isText(value[0]) && isNumber(value[1]);
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && value >= 0;
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(isItem);
