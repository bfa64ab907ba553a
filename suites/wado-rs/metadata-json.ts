import type { CorpusName } from '../../fixtures/corpus.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { differencesFromHeld } from '../kit/as-held.ts';
import type { Attributes } from '../kit/compare.ts';
import { valueIn } from '../kit/documents.ts';
import { on, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { rowInJson } from '../kit/json-rows.ts';
import { acceptJson } from '../kit/media.ts';
import { expectNoDefects } from '../kit/models.ts';
import { instancesOf } from '../kit/pixels.ts';
import { type Defect, Unreadable } from '../kit/read/defect.ts';
import { readJsonResults } from '../kit/read/json-model.ts';
import { ask, studiesAtHand, studyPath } from '../kit/retrieve.ts';

type Rows = readonly [RequirementId, ...RequirementId[]];
interface Metadata {
  readonly objects: readonly Attributes[];
  readonly defects: readonly Defect[];
}

/** The first edition that has JSON metadata; it may be offered, and from 2016c on it has to be, which other checks judge. */
const since = '2014a';

/** The metadata of a study as JSON; null where they cannot be had. */
async function metadata(t: Trial, study: { readonly studyInstanceUID: string }, row: RequirementId): Promise<Metadata | null> {
  const { status, body } = (await ask(t, `${studyPath(study)}/metadata`, acceptJson(t.edition))).response;
  if (status !== 200) return null;
  try {
    const { value, defects } = readJsonResults(body);
    return { objects: value, defects };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect('the JSON metadata', error.message, 'an array of DICOM JSON Model objects', { row: error.row ?? row });
    return null;
  }
}

const notOffered = (t: Trial): never => t.skip('the target does not offer metadata as JSON');

const form: Rows = [
  'MODEL-JSON-F.1-01',
  'MODEL-JSON-F.1-02',
  'MODEL-JSON-F.1-03',
  'MODEL-JSON-F.2-02',
  'MODEL-JSON-F.2.1-01',
  'MODEL-JSON-F.2.1-02',
  'MODEL-JSON-F.2.2-01',
  'MODEL-JSON-F.2.2-02',
  'MODEL-JSON-F.2.2-03',
  'MODEL-JSON-F.2.2-04',
  'MODEL-JSON-F.2.2-05',
  'MODEL-JSON-F.2.2-06',
  'MODEL-JSON-F.2.2-07',
  'MODEL-JSON-F.2.2-08',
  'MODEL-JSON-F.2.2-09',
  'MODEL-JSON-F.2.2-10',
  'MODEL-JSON-F.2.2-11',
  'MODEL-JSON-F.2.2-12',
  'MODEL-JSON-F.2.2-13',
  'MODEL-JSON-F.2.2-14',
  'MODEL-JSON-F.2.2-15',
  'MODEL-JSON-F.2.2-16',
  'MODEL-JSON-F.2.3-01',
  'MODEL-JSON-F.2.3-02',
  'MODEL-JSON-F.2.3-03',
  'MODEL-JSON-F.2.3-04',
  'MODEL-JSON-F.2.3-07',
  'MODEL-JSON-F.2.3-08',
  'MODEL-JSON-F.2.3-09',
  'MODEL-JSON-F.2.3-11',
  'MODEL-JSON-F.2.3-12',
  'MODEL-JSON-F.2.3-13',
  'MODEL-JSON-F.2.4-01',
  'MODEL-JSON-F.2.4-02',
  'MODEL-JSON-F.2.4-03',
  'MODEL-JSON-F.2.5-01',
  'MODEL-JSON-F.2.5-02',
  'MODEL-JSON-F.2.5-03',
  'MODEL-JSON-F.2.5-04',
  'MODEL-JSON-F.2.5-06',
  'MODEL-JSON-F.2.6-02',
  'MODEL-JSON-F.2.6-03',
  'MODEL-JSON-F.4-01',
  'MODEL-JSON-PN-01',
  'MODEL-JSON-PN-02',
  'MODEL-JSON-PN-03',
  'MODEL-JSON-PN-04',
  'MODEL-JSON-PN-05',
];

// PS3.18-2014a 6.5.6 and F.2: the form of the model, whatever is in it.
export const model = check({
  id: 'wado-rs/metadata-json/model',
  title: 'Metadata as JSON have the form of the DICOM JSON Model',
  requires: form,
  since,
  given: { studies: studiesAtHand('ct', 'mixed', 'private', 'every-vr', 'empty-values', 'nested') },
  fault: on(
    /\/metadata$/,
    sendsText(text => text.replaceAll(/(\{"vr":"US","Value":\[)(\d+)\]/g, '$1"$2"]')),
  ),
  async run(t, { studies }) {
    let read = 0;
    for (const study of studies.slice(0, 8)) {
      const found = await metadata(t, study, 'MODEL-JSON-F.1-01');
      if (!found) continue;
      read += 1;
      expectNoDefects(t, 'GET metadata as JSON', form, found.defects);
    }
    if (read === 0) notOffered(t);
  },
});

/** A check that JSON metadata say what is stored in a fixture, as far as these requirements go. */
function stored(claim: string, title: string, requires: Rows, name: CorpusName, fault: Fault): Check {
  return check({
    id: `wado-rs/metadata-json/${claim}`,
    title,
    requires,
    since,
    given: { study: fixture(name) },
    fault: on(/\/metadata$/, fault),
    async run(t, { study }) {
      const { objects } = (await metadata(t, study, requires[0])) ?? notOffered(t);
      for (const instance of instancesOf(study)) {
        const object = objects.find(each => valueIn(each, 'SOPInstanceUID') === instance.sopInstanceUID);
        if (!object) continue;
        const found = await differencesFromHeld(t, instance, object, rowInJson);
        for (const row of requires) {
          const words = found
            .filter(each => each.row === row)
            .map(({ where, stored: was, got }) => ({ attribute: where, stored: was, got }));
          t.expect('the attributes whose JSON metadata are not what was stored', words.slice(0, 3), [], { row });
        }
      }
      t.record('JSON objects compared', String(objects.length));
    },
  });
}

const replaced = (from: RegExp | string, to: string): Fault => sendsText(text => text.replaceAll(from, to));

export const everyVr = stored(
  'every-vr',
  'Values of every VR come back in JSON metadata as they were stored',
  [
    'WADO-RS-6.5.6-09',
    'MODEL-JSON-F.1-03',
    'MODEL-JSON-F.1-04',
    'MODEL-JSON-F.2.3-05',
    'MODEL-JSON-F.2.3-06',
    'MODEL-JSON-F.2.3-07',
    'MODEL-JSON-F.2.4-01',
    'MODEL-JSON-F.2.4-03',
    'MODEL-JSON-F.2.6-04',
    'MODEL-JSON-PN-03',
  ],
  'every-vr',
  replaced('4294967295', '-1'),
);

export const emptyValues = stored(
  'empty-values',
  'Empty attributes come back empty in JSON metadata, and empty values keep their places',
  ['MODEL-JSON-F.2.5-02', 'MODEL-JSON-F.2.5-01', 'MODEL-JSON-F.2.5-03', 'MODEL-JSON-F.2.5-04', 'MODEL-JSON-F.2.5-06'],
  'empty-values',
  replaced('"PRIMARY",null,', '"PRIMARY",'),
);

export const nested = stored(
  'sequences',
  'Sequences come back item by item in JSON metadata, empty items included',
  ['MODEL-JSON-F.2.5-04', 'MODEL-JSON-F.2.3-12', 'WADO-RS-6.5.6-09'],
  'nested',
  replaced('"Value":[{},', '"Value":['),
);

export const privateAttributes = stored(
  'private-attributes',
  'Private attributes of several creators come back in JSON metadata',
  ['WADO-RS-6.5.6-09'],
  'private',
  replaced(/,"00111102":\{[^}]*\}/g, ''),
);

export const characters = stored(
  'characters',
  'Text with code extensions comes back as UTF-8 in JSON metadata',
  ['MODEL-JSON-F.2-02', 'MODEL-JSON-PN-03'],
  'charset-japanese',
  replaced(/[\x80-\xff]+/g, '??'),
);
