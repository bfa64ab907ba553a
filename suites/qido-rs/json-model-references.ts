import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { retrieveBulk } from '../kit/bulk.ts';
import type { Attributes } from '../kit/compare.ts';
import { allAttributes } from '../kit/documents.ts';
import { onAccept, sendsText } from '../kit/faults.ts';
import { acceptOctets } from '../kit/media.ts';
import { expectNoDefects, modelAnswer, modelAnswers, readAnswer, searchesIn } from '../kit/models.ts';
import { offers } from '../kit/offers.ts';
import { ask, partsOf, studiesAtHand } from '../kit/retrieve.ts';
import { sameBytes } from '../kit/same.ts';

const mostReferences = 4;

/** The URLs of bulk data in results, absolute, each one once. */
function urlsIn(results: readonly Attributes[], base: string): readonly string[] {
  const printed = results.flatMap(allAttributes).flatMap(({ content }) => (content.kind === 'reference' ? [content.uri] : []));
  return [...new Set(printed.filter(uri => uri !== '').map(uri => new URL(uri, base).href))];
}

const none = 'the search results of the target refer to no bulk data: everything in them is inline';

// PS3.18-2013 F.2.2 and F.2.6: the URL of a bulk data item.
export const references = check({
  id: 'qido-rs/json-model/bulk-data-references',
  title: 'A BulkDataURI is the URL of the value, for a VR whose value may go by reference',
  requires: ['MODEL-JSON-F.2.2-11', 'MODEL-JSON-F.2.2-12'],
  given: { studies: studiesAtHand('limits', 'multi-frame') },
  fault: sendsText(text => text.replaceAll('/bulkdata/', '/bulk/')),
  async run(t, { studies }) {
    // A URL can be followed where the target offers retrieval.
    const retrieval = offers['wado-rs'];
    if (retrieval) await t.given(retrieval);
    let found = 0;
    for await (const answer of modelAnswers(t, studies, 'json')) {
      const { what, defects, results, exchange } = readAnswer(t, answer);
      expectNoDefects(t, what, ['MODEL-JSON-F.2.2-12', 'MODEL-JSON-F.2.2-11'], defects);
      for (const url of urlsIn(results, exchange.request.url).slice(0, mostReferences)) {
        found += 1;
        // A server may have the value in another media type only.
        t.expect('the status for a BulkDataURI of search results', await retrieveBulk(t, url, acceptOctets), anyOf(200, 206, 406));
      }
    }
    if (found === 0) t.skip(none);
  },
});

async function bytesAt(t: Trial, url: string): Promise<Uint8Array | null> {
  const exchange = await ask(t, url, acceptOctets);
  return exchange.response.status === 200 ? (partsOf(t, exchange)[0]?.body ?? null) : null;
}

// F.2.6: BulkDataURI is the uri of PS3.19-2013 Table A.1.5-2.
export const sameInXml = check({
  id: 'qido-rs/json-model/bulk-data-in-both-forms',
  title: 'The BulkDataURI of JSON results and the uri of XML results lead to the same bytes',
  requires: ['MODEL-JSON-F.2.6-01'],
  given: { studies: studiesAtHand('limits', 'nested') },
  // The URL in XML is that of another value of the same instance.
  fault: onAccept(
    /dicom\+xml/,
    sendsText(text => text.replaceAll(/\/bulkdata\/00111008"/g, '/bulkdata/7FE00010"')),
  ),
  async run(t, { studies }) {
    let compared = 0;
    for (const study of studies.slice(0, 4)) {
      for (const resource of searchesIn(study)) {
        const [json, xml] = [await modelAnswer(t, resource, 'json'), await modelAnswer(t, resource, 'xml')];
        if (!json || !xml) continue;
        const [inJson, inXml] = [readAnswer(t, json), readAnswer(t, xml)];
        const urls = [urlsIn(inJson.results, json.exchange.request.url), urlsIn(inXml.results, xml.exchange.request.url)] as const;
        if (urls[0].length !== urls[1].length) continue;
        for (const [i, url] of urls[0].slice(0, mostReferences).entries()) {
          const other = urls[1][i] ?? url;
          compared += 1;
          const [one, two] = other === url ? [null, null] : [await bytesAt(t, url), await bytesAt(t, other)];
          const same = other === url || (one !== null && two !== null && sameBytes(one, two));
          t.expect('what the references to one value in JSON and in XML lead to', same ? 'the same bytes' : [one, two], 'the same bytes');
        }
      }
    }
    if (compared === 0) t.skip(none);
  },
});
