import { expect, test } from 'vitest';
import { namespaces, wsActions } from '../schemas/wado-ws.ts';
import { type Sent, verdictOn } from './client-requests/verdict.ts';
import { envelope, posting, requestBody, type WantedDocument } from './kit/ws-request.ts';

const of: WantedDocument = { studyInstanceUID: '1.2.3', seriesInstanceUID: '1.2.4', sopInstanceUID: '1.2.5', repository: '1.2.3' };

/** A message for renderings, changed. */
function rendering(inside: string, change: (xml: string) => string = xml => xml): Sent {
  const { action } = wsActions.rendered.request;
  const { headers = {}, body } = posting(change(envelope(requestBody('rendered', [{ ...of, inside }]), { action })), action);
  return {
    method: 'POST',
    url: 'http://client.invalid/wado-ws',
    headers: Object.entries(headers as Record<string, string>),
    ...(body ? { body } : {}),
  };
}
const element = (name: string, text: string | number) => `<wado:${name}>${text}</wado:${name}>`;
const corners = (...[left, top, right, bottom]: readonly string[]) =>
  element(
    'Region',
    element('XMin', left ?? '') + element('YMin', top ?? '') + element('XMax', right ?? '') + element('YMax', bottom ?? ''),
  );
const types = (type: string) => element('ContentTypeList', element('ContentType', type));

test.each<[string, string, ((xml: string) => string)?]>([
  ['envelope/basic-profile', '', xml => xml.replace('?>', '?><!DOCTYPE a>')],
  ['envelope/basic-profile', '', xml => xml.replace('?>', '?><?xml-stylesheet href="a"?>')],
  ['envelope/basic-profile', '', xml => xml.replace('UTF-8', 'ISO-8859-1')],
  ['envelope/basic-profile', '', xml => xml.replace('</soap12:Body>', '')],
  ['envelope/addressing', '', xml => xml.replaceAll('wsa:Action', 'wsa:action')],
  ['envelope/addressing', '', xml => xml.replaceAll(namespaces.wsa, 'http://schemas.xmlsoap.org/ws/2004/08/addressing')],
  ['envelope/action-must-be-understood', '', xml => xml.replace('mustUnderstand="1"', 'mustUnderstand="0"')],
  ['actions/uri-of-rendered', '', xml => xml.replace(/<wsa:Action[^>]*>[^<]*/, `$&Request`)],
  ['documents/levels-of-rendered', '', xml => xml.replaceAll('wado:StudyRequest', 'iherad:StudyRequest')],
  ['documents/levels-of-rendered', '', xml => xml.replaceAll(/<wado:SeriesRequest.*<\/wado:SeriesRequest>/g, '')],
  ['documents/levels-of-rendered', '', xml => xml.replace(/studyInstanceUID="[^"]*"/, 'studyInstanceUID="ACC-1"')],
  ['documents/names-of-rendered', '', xml => xml.replace('<ihe:DocumentUniqueId>', '<ihe:DocumentUniqueId>1.2^')],
  ['documents/names-of-rendered', '', xml => xml.replaceAll('ihe:DocumentUniqueId', 'wado:DocumentUniqueId')],
  ['lists/content-types', ''],
  ['lists/content-types', element('ContentTypeList', '')],
  ['lists/content-types', types('jpeg')],
  ['lists/charsets', element('CharsetList', element('Charset', 'UTF-8, ISO-8859-1'))],
  ['lists/anonymize', element('Anonymize', 'no')],
  ['lists/uids-are-not-padded', '', xml => xml.replace('</ihe:DocumentUniqueId>', '&#0;</ihe:DocumentUniqueId>')],
  ['lists/uids-are-not-padded', '', xml => xml.replace(/(seriesInstanceUID="[^"]*)"/, '$1 "')],
  ['rendering/for-images-only', types('text/plain') + element('Rows', 1)],
  ['rendering/annotation', element('Annotation', '')],
  ['rendering/annotation', types('application/pdf') + element('Annotation', 'patient')],
  ['rendering/given-per-document', '', xml => xml.replace('</wado:SeriesRequest>', `${types('image/jpeg')}</wado:SeriesRequest>`)],
  ['parameters/numbers', element('Rows', '100px')],
  ['parameters/numbers', element('WindowWidth', '0x40')],
  ['parameters/numbers', element('ImageQuality', 101)],
  ['parameters/numbers', element('FrameNumber', '1,2')],
  ['parameters/region', corners('0', '0', '512', '512')],
  ['parameters/region', corners('0', '0', '0', '1')],
  ['parameters/region', corners('0', '0', 'a', '1')],
  ['parameters/region', element('Region', '0,0,200,100')],
  ['parameters/region', element('Region', element('XMin', 0))],
  ['parameters/window', element('WindowCenter', 1)],
  ['parameters/window', element('WindowCenter', 1) + element('WindowWidth', 1) + element('PresentationUID', '1.2')],
  ['parameters/presentation-uids', element('PresentationSeriesUID', '1.2')],
])('%s: %s %s', (topic, inside, change) => expect(verdictOn(`wado-ws/client-${topic}`, rendering(inside, change))).toBe('fail'));
