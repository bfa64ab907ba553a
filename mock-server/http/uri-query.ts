import { isUid } from '../dicom/uid.ts';
import { HttpError } from './errors.ts';

/** The part of an image that is wanted, from 0 to 1 in both directions (PS3.18-2013 8.2.4). */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a WADO-URI request says in its query (PS3.18-2013 8). */
export interface UriQuery {
  readonly studyUID: string;
  readonly seriesUID: string;
  readonly objectUID: string;
  readonly contentType?: string;
  readonly charset?: string;
  readonly anonymize: boolean;
  readonly annotation?: readonly Annotation[];
  readonly rows?: number;
  readonly columns?: number;
  readonly region?: Region;
  readonly window?: { readonly center: number; readonly width: number };
  readonly frameNumber?: number;
  readonly imageQuality?: number;
  readonly presentation?: { readonly uid: string; readonly seriesUID: string };
  readonly transferSyntax?: string;
  /** The names of the parameters for rendered images that are there (8.2). */
  readonly rendering: readonly string[];
}

/** PS3.18-2013 8.2.1. */
export type Annotation = 'patient' | 'technique';

const names = [
  ...['requestType', 'studyUID', 'seriesUID', 'objectUID', 'contentType', 'charset', 'anonymize', 'annotation', 'rows', 'columns'],
  ...['region', 'windowCenter', 'windowWidth', 'frameNumber', 'imageQuality', 'presentationUID', 'presentationSeriesUID', 'transferSyntax'],
];

/** 8.2: those that are for rendered images; imageQuality also goes with lossy transfer syntaxes (8.2.8). */
const forRendering = [
  ...['annotation', 'rows', 'columns', 'region', 'windowCenter', 'windowWidth', 'frameNumber', 'presentationUID', 'presentationSeriesUID'],
];

const refuse = (sentence: string): never => {
  throw new HttpError(400, sentence);
};

/** Reads the query; 400 with a sentence that names the parameter for what cannot be meant, 404 for UIDs that are empty. Unknown parameters are ignored. */
export function readUriQuery(query: URLSearchParams): UriQuery {
  const value = new Map<string, string>();
  for (const name of names) {
    const [first, second] = query.getAll(name);
    if (second !== undefined) refuse(`The parameter ${name} is there more than once.`);
    if (first !== undefined) value.set(name, first);
  }
  const requestType = value.get('requestType') ?? refuse('The parameter requestType is missing: it is WADO.');
  if (requestType !== 'WADO') refuse(`The parameter requestType is WADO, not "${requestType}".`);
  const uid = (name: string): string | undefined => {
    const text = value.get(name);
    if (text === '') throw new HttpError(404, `The parameter ${name} is empty, and nothing is stored under an empty UID.`);
    if (text !== undefined && !isUid(text)) refuse(`The parameter ${name} is a UID, not "${text}".`);
    return text;
  };
  const needed = (name: string) => uid(name) ?? refuse(`The parameter ${name} is missing.`);
  const integer = (name: string, least: number, most: number) => within(name, value.get(name), isText, least, most);
  const decimal = (name: string, least: number) => within(name, value.get(name), dsText, least, Number.MAX_VALUE);

  const ids = { studyUID: needed('studyUID'), seriesUID: needed('seriesUID'), objectUID: needed('objectUID') };
  const anonymize = value.get('anonymize');
  if (anonymize !== undefined && anonymize !== 'yes') refuse(`The parameter anonymize is yes, not "${anonymize}".`);
  const [center, width] = [decimal('windowCenter', -Number.MAX_VALUE), decimal('windowWidth', 1)];
  if (center === undefined && width !== undefined) refuse('The parameter windowWidth needs windowCenter.');
  if (center !== undefined && width === undefined) refuse('The parameter windowCenter needs windowWidth.');
  const [state, stateSeries] = [uid('presentationUID'), uid('presentationSeriesUID')];
  if (state !== undefined && stateSeries === undefined) refuse('The parameter presentationUID needs presentationSeriesUID.');
  if (state === undefined && stateSeries !== undefined) refuse('The parameter presentationSeriesUID needs presentationUID.');
  // 8.2.5, 8.2.6 and 8.2.9.
  if (state !== undefined && center !== undefined) refuse('The parameter windowCenter does not go with presentationUID.');

  return defined({
    ...ids,
    anonymize: anonymize === 'yes',
    contentType: value.get('contentType'),
    charset: value.get('charset'),
    annotation: annotationIn(value.get('annotation')),
    rows: integer('rows', 1, 16_384),
    columns: integer('columns', 1, 16_384),
    region: regionIn(value.get('region')),
    window: center === undefined || width === undefined ? undefined : { center, width },
    frameNumber: integer('frameNumber', 1, 2 ** 31 - 1),
    imageQuality: integer('imageQuality', 1, 100),
    presentation: state === undefined || stateSeries === undefined ? undefined : { uid: state, seriesUID: stateSeries },
    transferSyntax: uid('transferSyntax'),
    rendering: forRendering.filter(name => value.has(name)),
  });
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

const defined = <T extends object>(members: T): Defined<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;

/** PS3.5-2013 6.2: IS has at most 12 bytes and DS at most 16, with spaces around them. */
const isText = { pattern: /^ *[+-]?\d+ *$/, most: 12, words: 'a whole number' };
const dsText = { pattern: /^ *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? *$/, most: 16, words: 'a number' };

function numberIn(text: string, { pattern, most }: typeof isText): number | null {
  return text.length <= most && pattern.test(text) ? Number(text) : null;
}

function within(name: string, text: string | undefined, form: typeof isText, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = numberIn(text, form);
  if (number === null || number < least || number > most) {
    const upTo = most < 2 ** 31 - 1 ? ` to ${most}` : ' on';
    return refuse(`The parameter ${name} is ${form.words}${least > -1 ? ` from ${least}${upTo}` : ''}, not "${text}".`);
  }
  return number;
}

/** 8.2.4: x min, y min, x max, y max. */
function regionIn(text: string | undefined): Region | undefined {
  if (text === undefined) return undefined;
  const numbers = text.split(',').map(each => numberIn(each, dsText));
  const [left, top, right, bottom] = numbers;
  const usable = numbers.length === 4 && numbers.every(each => each !== null && each >= 0 && each <= 1);
  if (!usable || left == null || top == null || right == null || bottom == null || left >= right || top >= bottom)
    return refuse(`The parameter region is four numbers from 0 to 1, left and top before right and bottom, not "${text}".`);
  return { left, top, right, bottom };
}

function annotationIn(text: string | undefined): readonly Annotation[] | undefined {
  if (text === undefined) return undefined;
  const items = text.split(',').map(each => each.trim());
  const known = items.filter((each): each is Annotation => each === 'patient' || each === 'technique');
  if (known.length < items.length) refuse(`The parameter annotation is a list of patient and technique, not "${text}".`);
  return known;
}
