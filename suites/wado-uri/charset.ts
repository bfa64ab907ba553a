import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { ianaCharacterSets } from '../../schemas/character-sets.ts';
import type { DataSet } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { on, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { textIn } from '../kit/objects.ts';
import { askUri, instanceNamed, readObject, uriType } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const stored = 'ISO_IR 100';

/** The name, the description and a text in an item, where the fixture has characters beyond ASCII. */
function wordsIn(dataSet: DataSet): readonly string[] {
  const request = dataSet.get(tagOf('RequestAttributesSequence'));
  const [item] = request && 'items' in request ? request.items : [];
  return [
    textIn(dataSet, 'PatientName'),
    textIn(dataSet, 'StudyDescription'),
    item ? textIn(item, 'RequestedProcedureDescription') : 'no item',
  ];
}

/** The object as application/dicom with a character set; null where that is refused. */
async function withCharset(
  t: Trial,
  of: FixtureInstance,
  charset: string,
): Promise<{ readonly term: string; readonly words: readonly string[] } | null> {
  const exchange = await askUri(t, uriQuery(of, { contentType: 'application/dicom', charset }));
  t.record(`application/dicom with charset=${charset}`, uriType(exchange));
  if (uriType(exchange) !== 'application/dicom') return null;
  const { dataSet } = readObject(t, exchange);
  const element = dataSet.get(tagOf('SpecificCharacterSet'));
  const terms = element && 'values' in element ? element.values : [];
  t.record(`Specific Character Set with charset=${charset}`, terms.join('\\') || 'not there');
  return { term: terms.join('\\'), words: wordsIn(dataSet) };
}

const relabelled = (from: string, to: string) => sendsText(text => text.replace(from, to.padEnd(from.length)));

// PS3.18-2013 8.1.6 with PS3.3-2013 C.12.1.1.2: text is in the character set that the object names.
export const consistent = check({
  id: 'wado-uri/charset/text-is-in-the-set-that-is-named',
  title: 'Whatever charset is asked for, the text of a DICOM object is in the character set it names',
  requires: ['WADO-URI-8.1.6-09', 'WADO-URI-8.1.6-04'],
  given: { latin: fixture('charset-latin-1') },
  fault: on(/charset=x-no-such-set/, relabelled(stored, 'ISO_IR 144')),
  async run(t, { latin }) {
    const image = instanceNamed(latin, 'image');
    for (const charset of ['x-no-such-set', 'UTF-8']) {
      const object = await withCharset(t, image, charset);
      if (object) t.expect(`the texts of an object with charset=${charset}`, object.words, wordsIn(image.dataSet));
    }
  },
});

// 8.1.6: conversion is free, but where it is done it is done everywhere.
export const everywhere = check({
  id: 'wado-uri/charset/conversion-is-complete',
  title: 'A DICOM object in another character set has all its text in it, that in items as well',
  requires: ['WADO-URI-8.1.6-05'],
  given: { latin: fixture('charset-latin-1') },
  fault: on(
    /charset=UTF-8/,
    // The last text, which lies in an item, is left in the old set.
    sendsText(text => {
      const description = Buffer.from('Prüfung für Übergänge').toString('latin1');
      const at = text.lastIndexOf(description);
      return at === -1
        ? text
        : `${text.slice(0, at)}${'Prüfung für Übergänge'.padEnd(description.length)}${text.slice(at + description.length)}`;
    }),
  ),
  async run(t, { latin }) {
    const image = instanceNamed(latin, 'image');
    const object = await withCharset(t, image, 'UTF-8');
    if (!object || object.term === stored)
      t.skip('the target does not convert character sets, as it may: it sends ISO_IR 100 as it is stored');
    else t.expect('the texts of an object that was converted to UTF-8', object.words, wordsIn(image.dataSet));
  },
});

// Annex D: the names of IANA and the terms of DICOM.
export const terms = check({
  id: 'wado-uri/charset/the-terms-of-dicom',
  title: 'Specific Character Set has the term of DICOM that belongs to the charset asked for, not the name of IANA',
  requires: ['WADO-URI-8.1.6-10'],
  given: { latin: fixture('charset-latin-1') },
  fault: on(/charset=UTF-8/, relabelled('ISO_IR 192', 'UTF-8')),
  async run(t, { latin }) {
    for (const charset of ['UTF-8', 'ISO-8859-1']) {
      const object = await withCharset(t, instanceNamed(latin, 'image'), charset);
      if (!object) continue;
      const term = ianaCharacterSets[charset.toLowerCase()]?.join('\\') ?? '';
      t.expect(`Specific Character Set of an object with charset=${charset}`, object.term, anyOf(...new Set([term, stored])));
    }
  },
});

// 6.2.3: without Accept-Charset, or with unknown names only, the server chooses.
export const choice = check({
  id: 'wado-uri/charset/accept-charset-is-no-condition',
  title: 'A report is readable without Accept-Charset, and what comes with an unknown one is written down',
  requires: ['WADO-URI-6.2.3-02', 'WADO-URI-6.2.3-03', 'WADO-URI-7.3.2-03'],
  given: { values: fixture('value-types') },
  fault: on(
    request => !request.headers.has('Accept-Charset'),
    server => async request => {
      const response = await server(request);
      return request.url.includes('text%2Fhtml') ? new Response('no Accept-Charset', { status: 406 }) : response;
    },
  ),
  async run(t, { values }) {
    const query = uriQuery(instanceNamed(values, 'report'), { contentType: 'text/html' });
    for (const [what, lines] of [
      ['without Accept-Charset', []],
      ['with Accept-Charset: x-no-such-set', [['Accept-Charset', 'x-no-such-set']]],
    ] as const) {
      const exchange = await askUri(t, query, '*/*', lines);
      t.record(`a report as text/html ${what}`, uriType(exchange));
      if (lines.length === 0)
        t.expect('what a report as text/html without Accept-Charset comes as', uriType(exchange), 'text/html', {
          row: 'WADO-URI-7.3.2-03',
        });
    }
  },
});
