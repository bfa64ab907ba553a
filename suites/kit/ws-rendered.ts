import type { RequirementId } from '../../schemas/requirements.ts';
import { namespaces } from '../../schemas/wado-ws.ts';
import type { Fault } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsText } from './faults.ts';
import type { Desk } from './givens/ws.ts';
import { Unreadable } from './read/defect.ts';
import { type Picture, readPicture } from './read/picture.ts';
import type { InstanceUids } from './retrieve.ts';
import { type DocumentResponse, expectDelivered, type WsAnswer } from './ws.ts';
import { onRendered } from './ws-faults.ts';
import { xmlText } from './ws-request.ts';

/** What a RenderedDocumentRequest asks for, by the names of the elements (PS3.18-2013 6.4.2.1). */
export interface RenderingAsk {
  readonly Annotation?: string;
  readonly Rows?: string | number;
  readonly Columns?: string | number;
  /** Left, top, right and bottom, from 0 to 1. */
  readonly Region?: readonly [number, number, number, number];
  readonly WindowWidth?: number;
  readonly WindowCenter?: number;
  readonly ImageQuality?: number;
  readonly PresentationUID?: string;
  readonly PresentationSeriesUID?: string;
  readonly Anonymize?: 'yes';
  readonly FrameNumber?: number;
  /** image/jpeg when absent; no list when empty. */
  readonly contentTypes?: readonly string[];
  readonly charsets?: readonly string[];
}

/** The order of the schemas in use, which deployed servers validate by. */
const order = [
  ...['Annotation', 'Rows', 'Columns', 'Region', 'WindowWidth', 'WindowCenter', 'ImageQuality'],
  ...['PresentationUID', 'PresentationSeriesUID', 'Anonymize', 'FrameNumber'],
] as const;

/** The elements behind DocumentUniqueId. */
export function renderingXml({ contentTypes = ['image/jpeg'], charsets = [], ...ask }: RenderingAsk): string {
  const values = ask as Readonly<Record<string, RenderingAsk['Region'] | string | number | undefined>>;
  const single = order.map(name => {
    const value = values[name];
    if (value === undefined) return '';
    return `<wado:${name}>${typeof value === 'object' ? corners(value) : xmlText(String(value))}</wado:${name}>`;
  });
  return `${single.join('')}${list('ContentType', contentTypes)}${list('Charset', charsets)}`;
}

// 8.2.4.
const corners = (region: readonly number[]): string =>
  ['XMin', 'YMin', 'XMax', 'YMax'].map((name, i) => `<wado:${name}>${(region[i] ?? 0).toFixed(2)}</wado:${name}>`).join('');

const list = (name: string, values: readonly string[]): string =>
  values.length === 0
    ? ''
    : `<wado:${name}List>${values.map(each => `<wado:${name}>${xmlText(each)}</wado:${name}>`).join('')}</wado:${name}List>`;

/** Asks for a rendering. */
export function askRendered(t: Trial, desk: Desk, of: InstanceUids, ask: RenderingAsk = {}): Promise<WsAnswer> {
  return desk.ask(t, [desk.want(of, { inside: renderingXml(ask) })]);
}

/** A rendering as it came. */
export interface Rendered {
  readonly response: DocumentResponse;
  readonly picture: Picture;
}

const inWords = (ask: RenderingAsk): string =>
  Object.entries(ask)
    .map(([name, value]) => `${name} ${String(value)}`.replaceAll(/2\.25\.[\d.]+/g, '…'))
    .join(', ') || 'nothing in particular';

/** Asks for a rendering, expects that it is delivered, and decodes it. */
export async function renderedBy(t: Trial, desk: Desk, of: InstanceUids, ask: RenderingAsk = {}, row?: RequirementId): Promise<Rendered> {
  const response = expectDelivered(t, await askRendered(t, desk, of, ask), of.sopInstanceUID, `a rendering with ${inWords(ask)}`, row);
  try {
    return { response, picture: await readPicture(response.content.bytes) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect(`the rendering with ${inWords(ask)}`, error.message, 'a picture that can be decoded', row === undefined ? {} : { row });
    throw error;
  }
}

/** Asks for a rendering; null where an error is reported, or the message refused. */
export async function renderedOrNull(t: Trial, desk: Desk, of: InstanceUids, ask: RenderingAsk): Promise<Rendered | null> {
  const [response] = (await askRendered(t, desk, of, ask)).documents;
  if (!response) return null;
  const picture = await readPicture(response.content.bytes).catch(() => null);
  return picture && { response, picture };
}

/** A number in a response element; NaN when it is missing or none. */
export function numberIn({ text }: DocumentResponse, name: string): number {
  const value = text(name);
  return value === undefined || value === '' ? Number.NaN : Number(value);
}

/** The four numbers of Region, from child elements or from text with commas; null where there are not four. */
export function regionIn({ element }: DocumentResponse): readonly number[] | null {
  const region = element.children.find(({ name, namespace }) => name === 'Region' && namespace === namespaces.wado);
  if (!region) return null;
  const child = (name: string) => region.children.find(each => each.name.toLowerCase() === name)?.text.trim() ?? '';
  const texts = region.children.length > 0 ? ['xmin', 'ymin', 'xmax', 'ymax'].map(child) : region.text.split(',').map(each => each.trim());
  return texts.length === 4 && texts.every(each => each !== '') ? texts.map(Number) : null;
}

/** A rendering server that does not hear an element of the request. */
export const deafTo = (name: string): Fault =>
  onRendered(hearsText(text => text.replaceAll(new RegExp(`<wado:${name}>.*?</wado:${name}>`, 'g'), '')));

/** A rendering server that hears another value of an element of the request. */
export const mishears = (name: string, change: (value: string) => string): Fault =>
  onRendered(
    hearsText(text => text.replaceAll(new RegExp(`(<wado:${name}>)(.*?)(?=</wado:${name}>)`, 'g'), (_, tag, value) => tag + change(value))),
  );

/** A rendering server that hears more than it is asked, where it is not asked for it. */
export const imagines = (name: string, xml: string): Fault =>
  onRendered(
    hearsText(text =>
      text.includes(`<wado:${name}>`) ? text : text.replaceAll('</wado:RenderedDocumentRequest>', `${xml}</wado:RenderedDocumentRequest>`),
    ),
  );
