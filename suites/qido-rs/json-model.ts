import type { CorpusName } from '../../fixtures/corpus.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import { sendsText } from '../kit/faults.ts';
import { expectNoDefects, modelAnswers, readAnswer } from '../kit/models.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { studiesAtHand } from '../kit/retrieve.ts';

type Rows = readonly [RequirementId, ...RequirementId[]];

/** A check that search results in JSON, of fixtures and of whatever is there, break none of these rows. */
function model(claim: string, title: string, requires: Rows, names: readonly CorpusName[], fault: Fault): Check {
  return check({
    id: `qido-rs/json-model/${claim}`,
    title,
    requires,
    given: { studies: studiesAtHand(...names) },
    fault,
    async run(t, { studies }) {
      for await (const answer of modelAnswers(t, studies, 'json')) {
        const { what, defects } = readAnswer(t, answer);
        expectNoDefects(t, what, requires, defects);
      }
    },
  });
}

// PS3.18-2013 F.1 and RFC 4627; F.2: UTF-8.
export const text = check({
  id: 'qido-rs/json-model/text',
  title: 'JSON results are JSON text in UTF-8, without repeated names',
  requires: [
    'MODEL-JSON-F.1-01',
    'MODEL-JSON-F.1-03',
    'MODEL-JSON-F.2.3-04',
    'MODEL-JSON-F.1-02',
    'MODEL-JSON-F.2-02',
    'MODEL-JSON-F.2-03',
  ],
  given: { studies: studiesAtHand('ct', 'every-vr', 'limits', 'charset-latin-1') },
  fault: sendsText(body => body.replaceAll('\\r\\n', '\r\n')),
  async run(t, { studies }) {
    for await (const { what, read } of modelAnswers(t, studies, 'json')) {
      const isReadable = !(read instanceof Unreadable) || read.row === 'MODEL-JSON-F.2.1-01';
      const row = isReadable ? undefined : text.requires.find(each => each === read.row);
      t.expect(`the answer to ${what}`, isReadable ? 'JSON text' : read.message, 'JSON text', row === undefined ? {} : { row });
      expectNoDefects(t, what, text.requires, read instanceof Unreadable ? [] : read.defects);
    }
  },
});

// F.2.2: attribute objects by tag, in ascending order, without group length.
export const tags = model(
  'tags',
  'Attribute objects are named by their tags and stand in ascending order, in items too',
  ['MODEL-JSON-F.2.2-01', 'MODEL-JSON-F.2.2-02', 'MODEL-JSON-F.2.2-03', 'MODEL-JSON-F.2.2-04'],
  ['ct', 'private', 'sr'],
  sendsText(body => body.replaceAll('"0020000D":', '"0020000d":')),
);

export const order = model(
  'order',
  'Attribute objects stand in ascending order of their tags, those with decimal digits alone too',
  ['MODEL-JSON-F.2.2-02', 'MODEL-JSON-F.2.2-03'],
  ['ct', 'nested', 'requests'],
  // What an object of JavaScript does: names that look like array indexes come first.
  sendsText(body => (body.startsWith('[') ? JSON.stringify(JSON.parse(body)) : body)),
);

export const attributes = model(
  'attribute-objects',
  'An attribute object has its vr and the value in one form at most, and nothing else',
  [
    'MODEL-JSON-F.2.2-05',
    'MODEL-JSON-F.2.2-07',
    'MODEL-JSON-F.2.2-08',
    'MODEL-JSON-F.2.2-09',
    'MODEL-JSON-F.2.2-10',
    'MODEL-JSON-F.2.4-02',
    'MODEL-JSON-F.2.4-04',
  ],
  ['ct', 'every-vr', 'nested'],
  sendsText(body => body.replaceAll(/("vr":"DA","Value":)\[("\d+")\]/g, '$1$2')),
);

export const representations = model(
  'value-representations',
  'vr is a VR of the standard, and the one that PS3.6 gives for the attribute',
  ['MODEL-JSON-F.2.2-06', 'MODEL-JSON-F.2.3-13', 'MODEL-JSON-F.4-01'],
  ['ct', 'every-vr'],
  sendsText(body => body.replaceAll('"00100010":{"vr":"PN"', '"00100010":{"vr":"LO"')),
);

// F.2.2 and PS3.5-2013 7.8.1.
export const privateAttributes = model(
  'private-attributes',
  'Private attributes have a block number, and the block has its Private Creator',
  ['MODEL-JSON-F.2.2-16', 'MODEL-JSON-F.2.2-15'],
  ['private', 'every-vr'],
  sendsText(body => body.replaceAll(/"00110010":\{[^}]*\},/g, '')),
);

// Table F.2.3-1: what the values of a VR are.
export const types = model(
  'types-of-values',
  'Values have the JSON type of their VR',
  [
    'MODEL-JSON-F.2.3-01',
    'MODEL-JSON-F.2.3-02',
    'MODEL-JSON-F.2.3-03',
    'MODEL-JSON-F.2.3-07',
    'MODEL-JSON-F.2.3-08',
    'MODEL-JSON-F.2.3-09',
    'MODEL-JSON-F.2.3-10',
    'MODEL-JSON-F.2.3-12',
    'MODEL-JSON-F.2.4-01',
  ],
  ['ct', 'every-vr', 'limits', 'nested'],
  sendsText(body => body.replaceAll(/("vr":"US","Value":\[)(\d+)\]/g, '$1"$2"]')),
);

// F.2.5: what is empty.
export const empty = model(
  'empty-values',
  'What is empty has no value in any form, and is null among several',
  ['MODEL-JSON-F.2.5-01', 'MODEL-JSON-F.2.5-02', 'MODEL-JSON-F.2.5-03', 'MODEL-JSON-F.2.5-04', 'MODEL-JSON-F.2.5-06'],
  ['empty-values', 'ct'],
  sendsText(body => body.replaceAll('{"vr":"LO"}', '{"vr":"LO","Value":[""]}')),
);

// F.2.2: names by their groups.
export const names = model(
  'person-names',
  'Names are objects with the groups that are not empty, as strings',
  ['MODEL-JSON-F.2.3-11', 'MODEL-JSON-PN-01', 'MODEL-JSON-PN-02', 'MODEL-JSON-PN-03', 'MODEL-JSON-PN-04', 'MODEL-JSON-PN-05'],
  ['charset-japanese', 'every-vr', 'empty-values'],
  sendsText(body => body.replaceAll(/\{"Alphabetic":("[^"]*")\}/g, '$1')),
);

// F.2.7: inline binary values.
export const inline = model(
  'inline-binary',
  'Binary values are one base64 text, and only those',
  ['MODEL-JSON-F.2.6-02', 'MODEL-JSON-F.2.2-13', 'MODEL-JSON-F.2.2-14', 'MODEL-JSON-F.2.6-03'],
  ['every-vr', 'nested'],
  sendsText(body => body.replaceAll(/"InlineBinary":("[^"]*")/g, '"InlineBinary":[$1]')),
);
