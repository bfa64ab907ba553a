import fc from 'fast-check';
import { isPrivate } from '../../../schemas/dictionary.ts';
import { check } from '../../harness/check.ts';
import type { Attributes } from '../../kit/compare.ts';
import { nameOf } from '../../kit/compare.ts';
import { hears, on, onAccept, sendsJson, sendsText } from '../../kit/faults.ts';
import { offeredRelational } from '../../kit/givens/relational.ts';
import { someStudies } from '../../kit/retrieve.ts';
import { find, inWords, sendSearch, uidsOf } from '../../kit/search.ts';
import { difference, settled, wholeList } from './sets.ts';

const below = ({ studyInstanceUID, series }: { studyInstanceUID: string; series: readonly { seriesInstanceUID: string }[] }) => [
  ['series', `studies/${studyInstanceUID}/series`] as const,
  ...series.slice(0, 3).map(each => ['instance', `studies/${studyInstanceUID}/series/${each.seriesInstanceUID}/instances`] as const),
];
const mostPages = 30;

// PS3.18-2013 6.7.1.2: pages of any size, one after the other, are the list.
export const pages = check({
  id: 'qido-rs/laws/pages-make-the-whole',
  title: 'The pages of a list make the list, whatever their size',
  requires: ['QIDO-RS-6.7.1.2-18', 'QIDO-RS-6.7.1.2-11'],
  given: { studies: someStudies },
  // Each page begins with the last result of the one before.
  fault: on(
    /offset=[1-9]/,
    hears(url => url.searchParams.set('offset', String(Number(url.searchParams.get('offset')) - 1))),
  ),
  async run(t, { studies }) {
    const lists = studies.flatMap(below);
    await t.forAll(
      fc.tuple(fc.constantFrom(...lists), fc.integer({ min: 1, max: 12 })),
      async ([[level, resource], limit]) => {
        let [asked, emptyPage] = [false, false];
        const compared = await settled(async () => {
          const whole = await wholeList(t, level, resource);
          if (!whole || whole.length > limit * mostPages) return null;
          const pieces: string[] = [];
          for (let offset = 0; offset < whole.length; offset += limit) {
            const page = uidsOf(level, (await find(t, `${resource}?limit=${limit}&offset=${offset}`)).results);
            asked ||= offset > 0;
            if (page.length === 0 && offset > 0) emptyPage = true;
            pieces.push(...page);
          }
          return emptyPage || pieces.join() === whole.join()
            ? 'the list'
            : `${pieces.length} results in all, for ${whole.length}: ${difference(pieces, whole)}`;
        }, 'the list');
        // In the letter of 2013 a page is empty that begins beyond the limit.
        const follow = emptyPage ? 'no results' : 'the results that follow';
        if (asked)
          t.expect(`a page of ${limit} that begins behind the first`, follow, 'the results that follow', { row: 'QIDO-RS-6.7.1.2-11' });
        t.expect(`the pages of ${limit} of GET ${inWords(resource)}, one after the other`, compared, 'the list');
      },
      { words: ([[, resource], limit]) => `${inWords(resource)}, pages of ${limit}` },
    );
  },
});

// PS3.18-2013 6.7.1.2: the same parameters give the same response, as long as the list of results has not changed.
export const twice = check({
  id: 'qido-rs/laws/the-same-search-twice',
  title: 'The same search, sent twice, has the same results in the same order',
  requires: ['QIDO-RS-6.7.1.2-17'],
  given: { studies: someStudies },
  fault: server => {
    let asked = 0;
    const turned = sendsJson((rows: unknown[]) => (asked++ % 2 === 0 ? rows : rows.toReversed()))(server);
    return request => turned(request);
  },
  async run(t, { studies }) {
    for (const [level, resource] of studies.flatMap(below)) {
      const answers: string[] = [];
      for (let i = 0; i < 4; i++) answers.push(((await wholeList(t, level, resource)) ?? []).join());
      // What was stored in between makes another list; an order that comes back was none.
      const [first, ...others] = answers;
      const isStable = others.every(each => each === first) || new Set(answers.slice(-2)).size === 1;
      t.expect(
        `the results of GET ${inWords(resource)}, sent four times`,
        isStable ? 'the same' : 'in another order or other ones',
        'the same',
      );
    }
  },
});

// PS3.18-2013 6.7.1.1: what a relational search finds below a study is what the hierarchical ones find.
export const relational = check({
  id: 'qido-rs/laws/relational-is-the-union-of-hierarchical',
  title: 'A relational search finds what the hierarchical searches below it find together',
  requires: ['QIDO-RS-6.7.1.1-05', 'QIDO-RS-6.7.1.1-03', 'QIDO-RS-6.7.1.1-06'],
  given: { studies: someStudies, offered: offeredRelational },
  fault: on(
    /\/studies\/[\d.]+\/instances/,
    sendsJson((rows: unknown[]) => rows.slice(1)),
  ),
  async run(t, { studies, offered }) {
    for (const { studyInstanceUID } of studies) {
      const path = `studies/${studyInstanceUID}`;
      const series = await wholeList(t, 'series', `${path}/series`);
      if (!series || series.length > mostPages) continue;
      const instances = async () => {
        const lists = await Promise.all(series.map(uid => wholeList(t, 'instance', `${path}/series/${uid}/instances`)));
        return lists.some(list => list === null) ? null : lists.flatMap(list => list ?? []);
      };
      for (const [name, level, resource, row] of [
        ['instances of a study', 'instance', `${path}/instances`, 'QIDO-RS-6.7.1.1-05'],
        ['series of all studies', 'series', `series?StudyInstanceUID=${studyInstanceUID}`, 'QIDO-RS-6.7.1.1-03'],
        ['instances of all studies', 'instance', `instances?StudyInstanceUID=${studyInstanceUID}`, 'QIDO-RS-6.7.1.1-06'],
      ] as const) {
        if (!offered.has(name)) {
          t.record(`the relational search for ${name}`, 'refused');
          continue;
        }
        const compared = await settled(async () => {
          const [found, wanted] = [await wholeList(t, level, resource, row), level === 'series' ? series : await instances()];
          return found && wanted && difference(found, wanted);
        }, 'the same');
        t.expect(`what GET ${inWords(resource)} finds, compared with the searches below the study`, compared, 'the same', { row });
      }
    }
  },
});

/** What a result says, attribute by attribute; private ones go by other names in the two forms. */
function said(result: Attributes): ReadonlyMap<string, string> {
  return new Map(
    result
      .filter(({ tag, content }) => !isPrivate(tag) && (content.kind === 'values' || content.kind === 'empty') && tag !== '00080005')
      .map(({ tag, vr, content }) => {
        const values = content.kind === 'values' ? content.values.map(value => meaning(vr, String(value ?? ''))) : [];
        return [tag, values.join('\\')] as const;
      }),
  );
}

const meaning = (vr: string, value: string): string =>
  ['DS', 'IS', 'FL', 'FD', 'SL', 'SS', 'UL', 'US'].includes(vr) && value.trim() !== '' ? String(Number(value)) : value.trim();

// PS3.18-2013 6.7.1.2.3: both forms say the same.
export const bothForms = check({
  id: 'qido-rs/laws/xml-says-what-json-says',
  title: 'XML and JSON results say the same of the same entities',
  requires: ['QIDO-RS-6.7.1.2-19'],
  given: { studies: someStudies },
  fault: onAccept(
    /xml/,
    sendsText(text => text.replaceAll(/(<DicomAttribute tag="00201209"[^>]*><Value number="1">)\d+/g, '$1' + '77')),
  ),
  async run(t, { studies }) {
    for (const [level, resource] of studies.flatMap(each => [
      ['study', `studies?StudyInstanceUID=${each.studyInstanceUID}`] as const,
      ...below(each),
    ])) {
      const forms = [await sendSearch(t, resource, { form: 'json' }), await sendSearch(t, resource, { form: 'xml' })];
      if (!forms.every(({ response }) => response.status === 200) || !isXml(forms[1]?.response.headers ?? []))
        t.skip('the target has one form of results only, so there are no two to compare');
      const [json, xml] = [await find(t, resource, { form: 'json' }), await find(t, resource, { form: 'xml' })];
      t.expect(`the entities in the XML results of GET ${inWords(resource)}`, uidsOf(level, xml.results), uidsOf(level, json.results));
      for (const [i, result] of json.results.entries()) {
        const [one, other] = [said(result), said(xml.results[i] ?? [])];
        const unlike = [...new Set([...one.keys(), ...other.keys()])].filter(tag => one.get(tag) !== other.get(tag));
        t.expect(
          `the attributes of which XML and JSON results of GET ${inWords(resource)} say different things`,
          unlike.map(nameOf).slice(0, 5),
          [],
        );
      }
    }
  },
});

const isXml = (headers: readonly (readonly [string, string])[]) =>
  headers.some(([name, value]) => name.toLowerCase() === 'content-type' && /multipart\/related/i.test(value));
