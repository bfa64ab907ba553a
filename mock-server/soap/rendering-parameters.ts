import { namespaces } from '../../schemas/wado-ws.ts';
import type { Annotation } from '../render/annotate.ts';
import { type Found, problem } from '../services/documents.ts';
import type { Region } from '../services/render.ts';
import { type DocumentRequest, unknownParameters } from './request.ts';
import { childrenNamed, type Element, textOf } from './xml-read.ts';

const { ihe, wado } = namespaces;

/** What a RenderedDocumentRequest asks for (PS3.18-2013 6.4.2.1 and 8). */
export interface RenderingParameters {
  /** In the order of the request; none where there is no list. */
  readonly contentTypes: readonly string[];
  readonly charsets: readonly string[];
  readonly annotation?: readonly Annotation[];
  readonly rows?: number;
  readonly columns?: number;
  readonly region?: Region;
  readonly window?: { readonly center: number; readonly width: number };
  readonly imageQuality?: number;
  readonly presentation?: { readonly uid: string; readonly seriesUID: string };
  readonly frameNumber?: number;
  /** The names of those that are there and have a meaning for images only. */
  readonly forImages: readonly string[];
}

const forImages = [
  ...['Annotation', 'Rows', 'Columns', 'Region', 'WindowCenter', 'WindowWidth', 'ImageQuality', 'PresentationUID', 'PresentationSeriesUID'],
];
const known = {
  [ihe]: ['HomeCommunityId', 'RepositoryUniqueId', 'DocumentUniqueId'],
  [wado]: [...forImages, 'Anonymize', 'FrameNumber', 'ContentTypeList', 'CharsetList'],
};

/** A value that a parameter cannot have. */
class Invalid extends Error {}

/** PS3.5-2013 6.2: IS and DS. */
const isText = /^[+-]?\d{1,11}$/;
const dsText = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** Reads the parameters of a document, in whatever order they are. */
export function renderingParameters(document: DocumentRequest): Found<RenderingParameters> {
  const [unknown] = unknownParameters(document, known);
  if (unknown !== undefined) return problem('unsupportedParameter', `${unknown} is no parameter of this action`);
  try {
    return { found: read(document.element) };
  } catch (error) {
    if (error instanceof Invalid) return problem('invalidValue', error.message);
    throw error;
  }
}

function read(element: Element): RenderingParameters {
  const text = (name: string) => textOf(element, wado, name);
  const number = (name: string, form: RegExp, least: number, most: number) => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (value.length > 16 || !form.test(value) || Number(value) < least || Number(value) > most)
      throw new Invalid(`${name} cannot be "${value.slice(0, 40)}"`);
    return Number(value);
  };
  const [center, width] = [
    number('WindowCenter', dsText, -Number.MAX_VALUE, Number.MAX_VALUE),
    number('WindowWidth', dsText, 1, Number.MAX_VALUE),
  ];
  const [uid, seriesUID] = [text('PresentationUID'), text('PresentationSeriesUID')];
  // 8.2.5, 8.2.6, 8.2.9 and 8.2.10: both or neither.
  if ((center === undefined) !== (width === undefined)) throw new Invalid('WindowCenter and WindowWidth go together');
  if ((uid === undefined) !== (seriesUID === undefined)) throw new Invalid('PresentationUID and PresentationSeriesUID go together');
  if (uid !== undefined && center !== undefined) throw new Invalid('a window does not go with PresentationUID');
  const members = {
    annotation: annotationOf(text('Annotation')),
    rows: number('Rows', isText, 1, 16_384),
    columns: number('Columns', isText, 1, 16_384),
    region: regionOf(childrenNamed(element, wado, 'Region')[0]),
    window: center === undefined || width === undefined ? undefined : { center, width },
    imageQuality: number('ImageQuality', isText, 1, 100),
    presentation: uid === undefined || seriesUID === undefined ? undefined : { uid, seriesUID },
    frameNumber: number('FrameNumber', isText, -(2 ** 31), 2 ** 31 - 1),
  };
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return {
    ...(given as Partial<RenderingParameters>),
    contentTypes: listed(element, 'ContentTypeList', 'ContentType').map(each => each.toLowerCase()),
    charsets: listed(element, 'CharsetList', 'Charset'),
    forImages: forImages.filter(name => text(name) !== undefined),
  };
}

/** 8.1.5 and 8.1.6: one value for each element; a list that is there is not empty. */
function listed(element: Element, list: string, entry: string): readonly string[] {
  const [found] = childrenNamed(element, wado, list);
  if (!found) return [];
  const values = childrenNamed(found, wado, entry).map(({ text }) => text.trim());
  if (values.length === 0) throw new Invalid(`${list} has no ${entry}`);
  return values;
}

/** 8.2.4: four elements; example E.3 spells them otherwise, and schemas in use have text with commas. */
function regionOf(element: Element | undefined): Region | undefined {
  if (!element) return undefined;
  const child = (name: string) => element.children.find(each => each.name.toLowerCase() === name)?.text;
  const texts = element.children.length > 0 ? ['xmin', 'ymin', 'xmax', 'ymax'].map(name => child(name) ?? '') : element.text.split(',');
  const numbers = texts.map(text => (dsText.test(text.trim()) ? Number(text) : Number.NaN));
  const [left = Number.NaN, top = Number.NaN, right = Number.NaN, bottom = Number.NaN] = numbers;
  if (numbers.length !== 4 || !numbers.every(each => each >= 0 && each <= 1) || left >= right || top >= bottom)
    throw new Invalid('Region has to be four numbers from 0 to 1, left and top before right and bottom');
  return { left, top, right, bottom };
}

function annotationOf(text: string | undefined): readonly Annotation[] | undefined {
  if (text === undefined || text === '') return undefined;
  const items = text.split(',').map(each => each.trim());
  const known = items.filter((each): each is Annotation => each === 'patient' || each === 'technique');
  if (known.length < items.length) throw new Invalid(`Annotation is a list of patient and technique, not "${text.slice(0, 40)}"`);
  return known;
}
