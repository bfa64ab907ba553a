import { check } from '../harness/check.ts';
import { anyOf, byEdition } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { on, sendsHeaders, sendsJson, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { unknownUid } from '../kit/offers.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { type Json, readJson } from '../kit/read/json.ts';
import { mediaTypeOf, partsOf } from '../kit/retrieve.ts';
import { sendSearch } from '../kit/search.ts';

/** The outermost of the JSON text of an answer: an array with the number of its members, or what stands in its place. */
function outermost({ response }: Exchange): string {
  const text = Buffer.from(response.body).toString('utf8').trim();
  if (text === '') return 'nothing';
  try {
    return inWords(readJson(text));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return 'no JSON text';
  }
}

function inWords(json: Json): string {
  if (json.kind === 'object') return json.members.length === 0 ? 'an empty object' : 'an object';
  if (json.kind !== 'array') return json.kind;
  return json.members.every(({ kind }) => kind === 'object')
    ? `an array of ${json.members.length} objects`
    : 'an array of other than objects';
}

/** Skips where the answer is no JSON, and not meant to be: another check judges that. */
function demandJson(t: Trial, exchange: Exchange): void {
  const { status } = exchange.response;
  const types = [
    mediaTypeOf(exchange),
    ...(mediaTypeOf(exchange).startsWith('multipart/') ? partsOf(t, exchange) : []).map(part => part.mediaType),
  ];
  if (status !== 200 || types.some(type => type.endsWith('xml')))
    t.skip(`the target has no JSON results (status ${status}, ${types.join(' of ')}), which is judged by itself`);
}

// PS3.18-2013 F.2: the media type; F.2.1: no multipart message around it.
export const mediaType = check({
  id: 'qido-rs/json-model/media-type',
  title: 'JSON results have the media type of the DICOM JSON Model and no multipart message around them',
  requires: ['MODEL-JSON-F.2-01', 'MODEL-JSON-F.2.1-04'],
  given: { ct: fixture('ct') },
  fault: sendsHeaders(headers => headers.get('Content-Type')?.includes('json') && headers.set('Content-Type', 'text/javascript')),
  async run(t, { ct }) {
    const exchange = await sendSearch(t, `studies/${ct.studyInstanceUID}/series`);
    demandJson(t, exchange);
    const type = mediaTypeOf(exchange);
    const form = type.startsWith('multipart/') ? 'a multipart message' : 'one message';
    t.expect('the form of JSON results', form, 'one message', { row: 'MODEL-JSON-F.2.1-04' });
    t.expect('the Content-Type of JSON results', type, byEdition({ '2013': 'application/json', '2016c': 'application/dicom+json' }));
  },
});

// F.2.1: several results are one array.
export const array = check({
  id: 'qido-rs/json-model/array-of-results',
  title: 'The results are one array of objects, as many as there are results, also when there is one',
  requires: ['MODEL-JSON-F.2.1-01', 'MODEL-JSON-F.2.1-02'],
  given: { mixed: fixture('mixed') },
  fault: sendsJson((results: unknown[]) => Object.fromEntries(results.map((result, i) => [String(i), result]))),
  async run(t, { mixed }) {
    const several = await sendSearch(t, `studies/${mixed.studyInstanceUID}/series`);
    const series = new Set(mixed.instances.map(({ seriesInstanceUID }) => seriesInstanceUID)).size;
    demandJson(t, several);
    t.expect(`the results for ${series} series`, outermost(several), `an array of ${series} objects`);
    const one = await sendSearch(t, `studies?StudyInstanceUID=${mixed.studyInstanceUID}`);
    t.expect('the results for one study', outermost(one), 'an array of 1 objects', { row: 'MODEL-JSON-F.2.1-02' });
  },
});

// F.2.1 and 6.7.1.2.3.2: an empty message is an empty array, or nothing at all.
export const nothing = check({
  id: 'qido-rs/json-model/no-results',
  title: 'No results are an empty array or no text at all',
  requires: ['MODEL-JSON-F.2.1-03'],
  given: { ct: fixture('ct') },
  fault: on(
    new RegExp(`=${unknownUid.replaceAll('.', '\\.')}$`),
    sendsText(() => 'null'),
  ),
  async run(t, { ct }) {
    demandJson(t, await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}`));
    const exchange = await sendSearch(t, `studies?StudyInstanceUID=${unknownUid}`);
    t.expect('the JSON text for a study that is not there', outermost(exchange), anyOf('an array of 0 objects', 'nothing'));
  },
});
