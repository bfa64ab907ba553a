import type { DataSet } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { acceptDicom } from './media.ts';
import { type Defect, Unreadable } from './read/defect.ts';
import { readPart10 } from './read/part10.ts';
import { type Accept, fetched, type Part, partsOf, type Telling } from './retrieve.ts';

/** A DICOM object as it was retrieved. */
export interface RetrievedObject {
  readonly part: Part;
  readonly dataSet: DataSet;
  /** Transfer Syntax UID (0002,0010). */
  readonly transferSyntax: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly defects: readonly Defect[];
}

/** The first value of an attribute, as text; empty when there is none. */
export function textIn(dataSet: DataSet, keyword: string): string {
  const element = dataSet.get(tagOf(keyword));
  const [first] = element && 'values' in element ? element.values : [];
  return first === undefined ? '' : String(first);
}

/** The DICOM objects in a successful answer; a part that is none is an unmet expectation. */
export function objectsOf(t: Trial, exchange: Exchange, telling: Telling = {}): readonly RetrievedObject[] {
  return partsOf(t, exchange, telling).map((part, i) => {
    const { value, defects } = readOrTell(t, part.body, `part ${i + 1} of the answer`);
    const { dataSet, transferSyntax } = value;
    const uid = (keyword: string) => textIn(dataSet, keyword);
    const uids = {
      studyInstanceUID: uid('StudyInstanceUID'),
      seriesInstanceUID: uid('SeriesInstanceUID'),
      sopInstanceUID: uid('SOPInstanceUID'),
    };
    return { part, dataSet, transferSyntax, ...uids, defects };
  });
}

function readOrTell(t: Trial, body: Uint8Array, what: string): ReturnType<typeof readPart10> {
  try {
    return readPart10(body);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect(what, error.message, 'a PS3.10 file that can be read');
    return t.skip(`what cannot be read tells nothing: ${error.message}`);
  }
}

/** Asks, expects success and reads the DICOM objects. */
export async function objects(
  t: Trial,
  to: string,
  accept: Accept = acceptDicom,
  telling: Telling = {},
): Promise<readonly RetrievedObject[]> {
  return objectsOf(t, await fetched(t, to, accept, telling), telling);
}
