import type { Trial } from '../harness/trial.ts';
import type { Desk } from './givens/ws.ts';
import { type RetrievedObject, textIn } from './objects.ts';
import { Unreadable } from './read/defect.ts';
import { readPart10 } from './read/part10.ts';
import { type InstanceUids, plain } from './retrieve.ts';
import { type DocumentResponse, expectDelivered } from './ws.ts';
import { syntaxList } from './ws-request.ts';

/** An object that came by RetrieveImagingDocumentSet. */
export type WsObject = Pick<RetrievedObject, 'dataSet' | 'transferSyntax' | 'sopInstanceUID' | 'part'>;

/** The DICOM object in a response; one that cannot be read is an unmet expectation, null where there is no content. */
export function objectIn(t: Trial, { content }: DocumentResponse): WsObject | null {
  if (content.how === 'missing') return null;
  try {
    const { dataSet, transferSyntax } = readPart10(plain(content.bytes)).value;
    const part = { headers: content.part?.headers ?? [], mediaType: '', parameters: new Map(), location: null, body: content.bytes };
    return { dataSet, transferSyntax, sopInstanceUID: textIn(dataSet, 'SOPInstanceUID'), part };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect('the content of the document', error.message, 'a PS3.10 file that can be read');
    return null;
  }
}

/** Retrieves one object in one of these transfer syntaxes; null where there is no content, or `mayFail` and the target reports an error. */
export async function retrieved(
  t: Trial,
  desk: Desk,
  instance: InstanceUids,
  { syntaxes, mayFail = false }: { readonly syntaxes?: readonly string[]; readonly mayFail?: boolean } = {},
): Promise<WsObject | null> {
  const answer = await desk.ask(t, [desk.want(instance)], syntaxes === undefined ? {} : { last: syntaxList(syntaxes) });
  if (mayFail && answer.documents.length === 0) return null;
  return objectIn(t, expectDelivered(t, answer, instance.sopInstanceUID, 'a request for one document'));
}
