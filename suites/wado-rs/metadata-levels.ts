import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { headerValue } from '../harness/wire.ts';
import { allAttributes, documents, valueIn } from '../kit/documents.ts';
import { hears, on, sendsJson } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { disagreements, jsonMetadata } from '../kit/json-metadata.ts';
import { instancesOf } from '../kit/pixels.ts';
import { readMediaType } from '../kit/read/header.ts';
import { instancePath, mediaTypeOf, seriesPath, studyPath } from '../kit/retrieve.ts';

const uidsIn = async (t: Trial, path: string) => (await documents(t, `${path}/metadata`)).map(({ sopInstanceUID }) => sopInstanceUID);

/** Expects documents of these instances, each once, in any order. */
function expectInstances(t: Trial, what: string, sent: readonly string[], wanted: readonly string[]): void {
  const found = {
    documents: sent.length,
    missing: wanted.filter(uid => !sent.includes(uid)).length,
    ofOthers: sent.filter(uid => !wanted.includes(uid)).length,
  };
  t.expect(`the documents of ${what}`, found, { documents: wanted.length, missing: 0, ofOthers: 0 });
}

// PS3.18-2014c 6.5.6.1: metadata of a series are those of its own instances.
export const series = check({
  id: 'wado-rs/metadata-levels/of-a-series',
  title: 'A series has metadata, one document for each of its own instances',
  requires: ['WADO-RS-6.5.6-02'],
  given: { mixed: fixture('mixed') },
  fault: on(
    /\/series\/[0-9.]+\/metadata$/,
    hears(url => (url.pathname = url.pathname.replace(/\/series\/[0-9.]+/, ''))),
  ),
  async run(t, { mixed }) {
    const stored = instancesOf(mixed);
    for (const seriesInstanceUID of new Set(stored.map(instance => instance.seriesInstanceUID))) {
      const wanted = stored.filter(instance => instance.seriesInstanceUID === seriesInstanceUID).map(instance => instance.sopInstanceUID);
      expectInstances(t, 'the metadata of a series', await uidsIn(t, seriesPath({ ...mixed, seriesInstanceUID })), wanted);
    }
  },
});

export const instance = check({
  id: 'wado-rs/metadata-levels/of-an-instance',
  title: 'An instance has metadata, one document',
  requires: ['WADO-RS-6.5.6-03'],
  given: { ct: fixture('ct') },
  fault: on(
    /\/instances\/[0-9.]+\/metadata$/,
    hears(url => (url.pathname = url.pathname.replace(/\/instances\/[0-9.]+/, ''))),
  ),
  async run(t, { ct }) {
    for (const each of instancesOf(ct).slice(0, 2))
      expectInstances(t, 'the metadata of an instance', await uidsIn(t, instancePath(each)), [each.sopInstanceUID]);
  },
});

// PS3.18-2014a 6.5.6.2.2: JSON metadata are one array, whatever the number of instances.
export const json = check({
  id: 'wado-rs/metadata-levels/json-is-one-array',
  title: 'Metadata as JSON are one array with an object for each instance, and no multipart message',
  requires: ['WADO-RS-6.5.6-23', 'WADO-RS-6.5.6-22', 'WADO-RS-6.5.6-27'],
  given: { ct: fixture('ct') },
  fault: on(
    /\/metadata$/,
    sendsJson((all: readonly unknown[]) => all.slice(1)),
  ),
  async run(t, { ct }) {
    const { exchange, dataSets } = await jsonMetadata(t, `${studyPath(ct)}/metadata`, 'WADO-RS-6.5.6-23');
    const type = mediaTypeOf(exchange);
    t.expect('that metadata as JSON are a multipart message', type.startsWith('multipart/'), false);
    t.expect('what the body of metadata as JSON begins with', Buffer.from(exchange.response.body).toString('utf8').trim()[0], '[');
    const sent = dataSets.map(attributes => valueIn(attributes, 'SOPInstanceUID'));
    expectInstances(
      t,
      'metadata as JSON',
      sent,
      instancesOf(ct).map(({ sopInstanceUID }) => sopInstanceUID),
    );
    t.record('the media type of metadata as JSON', type);
    const { parameters } = readMediaType(headerValue(exchange.response.headers, 'Content-Type') ?? '').value;
    const inline = dataSets.flatMap(allAttributes).filter(({ content }) => content.kind === 'inline').length;
    t.record(
      'the transfer-syntax of metadata as JSON',
      `${parameters.get('transfer-syntax') ?? 'not told'}, with ${inline} inline binary values`,
    );
  },
});

// Both forms hold the attributes of one data set (PS3.18-2014a 6.5.6, Annex F.3).
export const agreement = check({
  id: 'wado-rs/metadata-levels/xml-and-json-agree',
  title: 'Metadata as XML and as JSON say the same',
  requires: ['WADO-RS-6.5.6-24'],
  given: { ct: fixture('ct'), nested: fixture('nested'), several: fixture('every-vr'), empty: fixture('empty-values') },
  fault: on(
    /\/metadata$/,
    sendsJson((all: readonly Record<string, unknown>[]) => all.map(({ '00081030': _, ...rest }) => rest)),
  ),
  async run(t, given) {
    for (const study of Object.values(given)) {
      const inXml = await documents(t, `${studyPath(study)}/metadata`);
      const { dataSets } = await jsonMetadata(t, `${studyPath(study)}/metadata`, 'WADO-RS-6.5.6-24');
      for (const { sopInstanceUID, attributes } of inXml) {
        const same = dataSets.find(each => valueIn(each, 'SOPInstanceUID') === sopInstanceUID);
        if (same) t.expect('in what XML and JSON metadata of an instance differ', disagreements(attributes, same).slice(0, 3), []);
      }
      t.record(`instances compared of the study "${study.name}"`, String(inXml.length));
    }
  },
});
