import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { sendsText } from '../kit/faults.ts';
import { expectNoDefects, modelAnswers } from '../kit/models.ts';
import { studiesAtHand } from '../kit/retrieve.ts';
import { jsonSchemaDefects } from '../kit/schemas.ts';

/** The requirements that the schema states; each is named in it by a `$comment`. */
export const statedBySchema = [
  'MODEL-JSON-F.2.2-05',
  'MODEL-JSON-F.2.1-01',
  'MODEL-JSON-F.2.2-01',
  'MODEL-JSON-F.2.2-04',
  'MODEL-JSON-F.2.2-07',
  'MODEL-JSON-F.2.2-09',
  'MODEL-JSON-F.2.2-10',
  'MODEL-JSON-F.2.2-11',
  'MODEL-JSON-F.2.2-12',
  'MODEL-JSON-F.2.2-13',
  'MODEL-JSON-F.2.2-14',
  'MODEL-JSON-F.2.2-15',
  'MODEL-JSON-F.2.3-01',
  'MODEL-JSON-F.2.3-02',
  'MODEL-JSON-F.2.3-03',
  'MODEL-JSON-F.2.3-07',
  'MODEL-JSON-F.2.3-08',
  'MODEL-JSON-F.2.3-09',
  'MODEL-JSON-F.2.3-11',
  'MODEL-JSON-F.2.3-12',
  'MODEL-JSON-F.2.3-13',
  'MODEL-JSON-F.2.4-03',
  'MODEL-JSON-F.2.5-01',
  'MODEL-JSON-F.2.5-02',
  'MODEL-JSON-F.2.5-03',
  'MODEL-JSON-F.2.5-06',
  'MODEL-JSON-F.2.6-02',
  'MODEL-JSON-F.2.6-03',
  'MODEL-JSON-F.4-01',
  'MODEL-JSON-PN-01',
  'MODEL-JSON-PN-02',
  'MODEL-JSON-PN-03',
  'MODEL-JSON-PN-04',
] as const satisfies readonly RequirementId[];

// PS3.18-2013 F.2 and F.3: the JSON Schema of the model is a second reading of it, beside the one of the kit.
export const valid = check({
  id: 'qido-rs/json-model/valid-against-the-schema',
  title: 'JSON results are valid against the JSON Schema of the DICOM JSON Model',
  requires: statedBySchema,
  given: { studies: studiesAtHand('ct', 'every-vr', 'private', 'empty-values', 'nested', 'charset-japanese') },
  fault: sendsText(text => text.replaceAll('"00080020":{"vr":"DA",', '"00080020":{')),
  async run(t, { studies }) {
    for await (const { exchange, what } of modelAnswers(t, studies, 'json')) {
      const document = parsed(exchange.response.body);
      if (document === undefined) t.skip(`the answer to ${what} is not JSON, which is judged by itself`);
      // One result alone may be no array, which is judged by itself.
      const results: unknown = Array.isArray(document) ? document : [document];
      expectNoDefects(t, what, statedBySchema, await jsonSchemaDefects(results));
    }
  },
});

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(
      Buffer.from(body)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    );
  } catch {
    return undefined;
  }
}
