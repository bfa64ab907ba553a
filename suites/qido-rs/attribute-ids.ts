import { requiredMatchingKeys } from '../../schemas/search-attributes.ts';
import { check } from '../harness/check.ts';
import { hears, on, status } from '../kit/faults.ts';
import { firstOf, textOf } from '../kit/finding.ts';
import { namesFound } from '../kit/found.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { find, inWords, sendSearch, uidsOf } from '../kit/search.ts';
import { ignores, spellings } from './keys/key-check.ts';
import { outcome } from './outcome.ts';

// PS3.18-2013 6.7.1.1: {attributeID} is a tag of eight hexadecimal digits or a keyword.
export const tagOrKeyword = check({
  id: 'qido-rs/attribute-ids/tag-or-keyword',
  title: 'An attribute may be named by tag, in either letter case, and by keyword',
  requires: ['QIDO-RS-6.7.1.1-22', 'QIDO-RS-6.7.1.1-23', 'QIDO-RS-6.7.1.1-25'],
  given: { ct: fixture('ct') },
  fault: hears(url => url.searchParams.delete('0020000D')),
  async run(t, { ct }) {
    // A date keeps the list short where the key is ignored.
    const on = `studies?StudyDate=${textOf(firstOf(ct), 'StudyDate')}&`;
    for (const [name, row] of [
      ['StudyInstanceUID', 'QIDO-RS-6.7.1.1-23'],
      ['0020000D', 'QIDO-RS-6.7.1.1-22'],
      ['0020000d', 'QIDO-RS-6.7.1.1-25'],
    ] as const) {
      const exchange = await sendSearch(t, `${on}${name}=${ct.studyInstanceUID}`, { row });
      const { status: code } = exchange.response;
      const found =
        code === 200 ? uidsOf('study', (await find(t, `${on}${name}=${ct.studyInstanceUID}`, { row })).results) : `status ${code}`;
      t.expect(`the studies found by ${name}={uid}`, found, [ct.studyInstanceUID], { row });
    }
  },
});

// PS3.18-2013 6.7.1.1: both spellings are the same attribute.
export const sameEitherWay = check({
  id: 'qido-rs/attribute-ids/tag-and-keyword-mean-the-same',
  title: 'The tag and the keyword of each required key find the same',
  requires: ['QIDO-RS-6.7.1.1-24'],
  given: { study: fixture('search-series'), ct: fixture('ct') },
  fault: hears(url => url.searchParams.delete('00200010')),
  async run(t, { study, ct }) {
    const both = [study, ct];
    const first = firstOf(study);
    const below = { series: `studies/${study.studyInstanceUID}/series`, instance: '' };
    below.instance = `${below.series}/${first.seriesInstanceUID}/instances`;
    for (const { keywords } of [...requiredMatchingKeys.study, ...requiredMatchingKeys.series, ...requiredMatchingKeys.instance]) {
      const isOf = (level: 'series' | 'instance') => requiredMatchingKeys[level].some(key => key.keywords === keywords);
      const level = isOf('series') ? 'series' : isOf('instance') ? 'instance' : 'study';
      for (const value of [textOf(first, keywords.split('.')[0] ?? ''), 'NO-SUCH-VALUE'].filter(
        each => each !== '' && !each.includes('^'),
      )) {
        // What is no date is left to others to judge.
        if (value === 'NO-SUCH-VALUE' && /Date|Time|UID|Number$/.test(keywords)) continue;
        const scopes = level === 'study' ? both.map(each => `studies?StudyInstanceUID=${each.studyInstanceUID}&`) : [`${below[level]}?`];
        for (const scope of scopes) {
          const [byKeyword, byTag] = spellings(keywords).map(name => `${scope}${name}=${value}`);
          const [one, other] = [await namesFound(t, level, byKeyword ?? '', both), await namesFound(t, level, byTag ?? '', both)];
          t.expect(`what GET ${inWords(byTag ?? '')} finds, compared with ${keywords}`, other ?? 'a refusal', one ?? 'a refusal');
        }
      }
    }
  },
});

// PS3.18-2013 6.7.1.1: a dot for each step into a sequence; tags and keywords may be mixed. Table 6.7.1-1a misprints the keyword of the sequence.
export const paths = check({
  id: 'qido-rs/attribute-ids/paths-into-a-sequence',
  title: 'An attribute in a sequence may be named by tags, by keywords and by both',
  requires: ['QIDO-RS-6.7.1.1-26', 'QIDO-RS-6.7.1.1-27', 'QIDO-RS-6.7.1.1-28'],
  given: { study: fixture('search-series') },
  fault: ignores('RequestAttributesSequence.ScheduledProcedureStepID'),
  async run(t, { study }) {
    const [one, other] = ['RequestAttributesSequence', 'RequestAttributeSequence'];
    for (const [names, row] of [
      [['00400275.00400009'], 'QIDO-RS-6.7.1.1-26'],
      [[`${one}.ScheduledProcedureStepID`, `${other}.ScheduledProcedureStepID`], 'QIDO-RS-6.7.1.1-27'],
      [[`${one}.00400009`, `${other}.00400009`], 'QIDO-RS-6.7.1.1-28'],
      [['00400275.ScheduledProcedureStepID'], 'QIDO-RS-6.7.1.1-28'],
    ] as const) {
      const outcomes: string[] = [];
      for (const name of names) {
        const found = await namesFound(t, 'series', `studies/${study.studyInstanceUID}/series?${name}=CONFTEST-S10`, [study], { row });
        outcomes.push(found === null ? 'a refusal' : [...found].join(', ') || 'nothing');
      }
      const wanted = 'search-series/of-10';
      t.expect(`what ${names[0]}=CONFTEST-S10 finds`, outcomes.includes(wanted) ? wanted : outcomes[0], wanted, { row });
      if (outcomes[0] !== wanted) t.record(`${names[0]}`, 'only the spelling of Table 6.7.1-1a is understood');
    }
  },
});

// PS3.18-2013 6.7.1.1: the example has a path through two sequences. A server need not know the attribute; one that does knows it in each spelling.
export const deep = check({
  id: 'qido-rs/attribute-ids/paths-through-two-sequences',
  title: 'A path may lead through two sequences, in each spelling',
  requires: ['QIDO-RS-6.7.1.1-29'],
  given: { study: fixture('search-series') },
  fault: on(/00101002\.[^=]*\.[^=]*=/, status(400)),
  async run(t, { study }) {
    const answers = new Map<string, readonly string[]>();
    for (const path of [
      'OtherPatientIDsSequence.IssuerOfPatientIDQualifiersSequence.UniversalEntityID',
      '00101002.00100024.00400032',
      'OtherPatientIDsSequence.00100024.UniversalEntityID',
    ]) {
      const found: string[] = [];
      for (const value of ['CONFTEST-ENTITY61', 'NO-SUCH-ENTITY']) {
        const resource = `studies?StudyInstanceUID=${study.studyInstanceUID}&${path}=${value}`;
        const { status: code } = (await sendSearch(t, resource)).response;
        found.push(code === 200 || code === 204 ? await outcome(t, resource) : `status ${code}`);
      }
      answers.set(path, found);
    }
    const filters = [...answers.values()].some(([own, nobodys]) => own === 'found' && nobodys === 'not found');
    t.record('matching by a path through two sequences', filters ? 'supported' : 'not supported');
    if (!filters) return;
    for (const [path, found] of answers) {
      t.expect(`what ${path} finds by the value of a study and by another one`, found, ['found', 'not found']);
    }
  },
});
