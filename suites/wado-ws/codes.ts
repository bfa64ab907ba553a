import { studyNamed } from '../../fixtures/corpus.ts';
import { check } from '../harness/check.ts';
import { onBody } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { allDesks, type Desk, retrieveDesk } from '../kit/givens/ws.ts';
import { unknownUid } from '../kit/offers.ts';
import { errorIn, expectCode } from '../kit/ws-errors.ts';
import { miscodes, onWs } from '../kit/ws-faults.ts';
import { syntaxList } from '../kit/ws-request.ts';

/** The codes of IHE for a document that is not there, by RAD-69 only. */
const iheCodes = ({ action }: Desk): readonly string[] =>
  action === 'retrieve' ? ['XDSDocumentUniqueIdError', 'urn:ihe:iti:2007:XDSDocumentUniqueIdError'] : [];

const firstDesk = ([desk]: readonly Desk[]): Desk => desk as Desk;

// PS3.18-2013 Table 6.4-1: the codes for what is unknown; the situations overlap, so that neighbours are accepted.
export const unknownStudy = check({
  id: 'wado-ws/codes/unknown-study',
  title: 'An unknown Study Instance UID has the code 0015',
  requires: ['WADO-WS-6.4.4-15'],
  given: { desks: allDesks },
  fault: miscodes('unknownStudy'),
  async run(t, { desks }) {
    const desk = firstDesk(desks);
    const answer = await desk.ask(t, [desk.want({ ...desk.instance, studyInstanceUID: unknownUid })]);
    expectCode(t, answer, desk.instance.sopInstanceUID, 'an unknown study', {
      row: 'WADO-WS-6.4.4-15',
      situation: 'unknownStudy',
      or: ['contradictingIdentifiers', 'unknownSeries', 'unknownDocument'],
      more: iheCodes(desk),
    });
  },
});

export const unknownSeries = check({
  id: 'wado-ws/codes/unknown-series',
  title: 'An unknown Series Instance UID has the code 0016',
  requires: ['WADO-WS-6.4.4-16'],
  given: { desks: allDesks },
  fault: miscodes('unknownSeries'),
  async run(t, { desks }) {
    const desk = firstDesk(desks);
    const answer = await desk.ask(t, [desk.want({ ...desk.instance, seriesInstanceUID: unknownUid })]);
    expectCode(t, answer, desk.instance.sopInstanceUID, 'an unknown series', {
      row: 'WADO-WS-6.4.4-16',
      situation: 'unknownSeries',
      or: ['contradictingIdentifiers', 'unknownDocument'],
      more: iheCodes(desk),
    });
  },
});

export const unknownDocument = check({
  id: 'wado-ws/codes/unknown-document',
  title: 'An unknown document has the code 0017, or XDSDocumentUniqueIdError where it is asked for by RAD-69',
  requires: ['WADO-WS-6.4.4-17', 'WADO-WS-6.4.4-22', 'WADO-WS-6.4.4-21'],
  given: { desks: allDesks },
  fault: miscodes('unknownDocument'),
  async run(t, { desks }) {
    for (const desk of desks) {
      const answer = await desk.ask(t, [desk.want({ ...desk.instance, sopInstanceUID: unknownUid })]);
      expectCode(t, answer, unknownUid, `an unknown document by ${desk.action}`, {
        row: desk.action === 'retrieve' ? 'WADO-WS-6.4.4-22' : 'WADO-WS-6.4.4-17',
        situation: 'unknownDocument',
        or: ['contradictingIdentifiers'],
        more: iheCodes(desk),
      });
      t.record('the code for an unknown document', errorIn(answer, unknownUid)?.errorCode ?? 'none');
    }
  },
});

// 8.1.2 and 0010.
export const contradiction = check({
  id: 'wado-ws/codes/identifiers-that-contradict-each-other',
  title: 'A document is returned under its own study and series only; elsewhere the code is 0010',
  requires: ['WADO-WS-8.1.2-02', 'WADO-WS-6.4.4-10'],
  given: { desks: allDesks, ct: fixture('ct'), mixed: fixture('mixed') },
  fault: onWs(
    onBody(
      new RegExp(`studyInstanceUID="${firstOf(studyNamed('mixed')).studyInstanceUID.replaceAll('.', '\\.')}"`),
      server => async request => {
        const text = (await request.text()).replaceAll(
          firstOf(studyNamed('mixed')).studyInstanceUID,
          firstOf(studyNamed('ct')).studyInstanceUID,
        );
        return server(new Request(request.url, { method: 'POST', headers: request.headers, body: text }));
      },
    ),
  ),
  async run(t, { desks, ct, mixed }) {
    const desk = firstDesk(desks);
    const instance = firstOf(ct);
    const report = ct.instances.find(({ seriesInstanceUID }) => seriesInstanceUID !== instance.seriesInstanceUID) ?? instance;
    const wrong = {
      'a document under another study': { ...instance, studyInstanceUID: mixed.studyInstanceUID },
      'a document under another series of its study': { ...instance, seriesInstanceUID: report.seriesInstanceUID },
    };
    for (const [what, uids] of Object.entries(wrong)) {
      const answer = await desk.ask(t, [desk.want(uids)]);
      t.expect(`the number of documents for ${what}`, answer.documents.length, 0);
      expectCode(t, answer, instance.sopInstanceUID, what, {
        row: 'WADO-WS-6.4.4-10',
        situation: 'contradictingIdentifiers',
        or: ['notOfTheSopClass', 'unknownStudy', 'unknownSeries', 'unknownDocument'],
        more: iheCodes(desk),
      });
    }
  },
});

export const unknownSyntax = check({
  id: 'wado-ws/codes/unknown-transfer-syntax',
  title: 'A transfer syntax that does not exist has the code 0006',
  requires: ['WADO-WS-6.4.4-06'],
  given: { desk: retrieveDesk },
  fault: miscodes('unknownFormat'),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance)], { last: syntaxList([unknownUid]) });
    expectCode(t, answer, desk.instance.sopInstanceUID, 'a transfer syntax that does not exist', {
      row: 'WADO-WS-6.4.4-06',
      situation: 'unknownFormat',
      or: ['impossibleFormat', 'invalidValue'],
    });
  },
});

export const impossibleSyntax = check({
  id: 'wado-ws/codes/impossible-transfer-syntax',
  title: 'A transfer syntax of images has the code 0007 for an object without pixels',
  requires: ['WADO-WS-6.4.4-07'],
  given: { desk: retrieveDesk, ct: fixture('ct') },
  fault: miscodes('impossibleFormat'),
  async run(t, { desk, ct }) {
    const report = ct.instances.find(({ name }) => name === 'report') ?? firstOf(ct);
    const answer = await desk.ask(t, [desk.want(report)], { last: syntaxList(['1.2.840.10008.1.2.4.70', '1.2.840.10008.1.2.4.90']) });
    expectCode(t, answer, report.sopInstanceUID, 'a structured report in transfer syntaxes of images', {
      row: 'WADO-WS-6.4.4-07',
      situation: 'impossibleFormat',
      or: ['unknownFormat', 'singleFrameFormat', 'unsupportedSopClass'],
    });
  },
});
