import { identity } from '../../fixtures/corpus/identified.ts';
import { check } from '../harness/check.ts';
import { noneOf } from '../harness/expected.ts';
import { hearsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { allDesks, informationDesk, retrieveDesk } from '../kit/givens/ws.ts';
import { textIn } from '../kit/objects.ts';
import { instanceNamed } from '../kit/uri.ts';
import { expectCode } from '../kit/ws-errors.ts';
import { miscodes, onInformation, onRetrieve } from '../kit/ws-faults.ts';
import { objectIn } from '../kit/ws-objects.ts';
import { resultIn, xpathOf, xpathResponses } from '../kit/ws-xpath.ts';

const anonymize = '<wado:Anonymize>yes</wado:Anonymize>';
const deaf = hearsText(text => text.replaceAll(anonymize, ''));

// PS3.18-2013 8.1.7: also what is extracted from an object is anonymised.
export const metadata = check({
  id: 'wado-ws/anonymise/metadata',
  title: 'Metadata that are asked for with Anonymize do not tell the name of the patient',
  requires: ['WADO-WS-8.1.7-03'],
  given: { desk: informationDesk, identified: fixture('identified') },
  fault: onInformation(deaf),
  async run(t, { desk, identified }) {
    const instance = instanceNamed(identified, 'first');
    const answer = await desk.ask(t, [desk.want(instance, { inside: `${anonymize}${xpathOf('//*[@keyword="PatientName"]')}` })]);
    const [response] = answer.documents;
    const [result] = response ? xpathResponses(response) : [];
    const told = result ? resultIn(result, answer).text : '';
    t.record('metadata with Anonymize', response ? 'delivered' : answer.errors.map(({ errorCode }) => errorCode).join() || 'refused');
    t.expect(`whether the metadata tell ${identity.name}`, told.includes('Identified'), false);
  },
});

export const objects = check({
  id: 'wado-ws/anonymise/objects',
  title: 'An object that is asked for with Anonymize has no identification and a new SOP Instance UID, or an error is reported',
  requires: ['WADO-WS-8.1.7-04'],
  given: { desk: retrieveDesk, identified: fixture('identified') },
  fault: onRetrieve(deaf),
  async run(t, { desk, identified }) {
    const instance = instanceNamed(identified, 'first');
    const answer = await desk.ask(t, [desk.want(instance, { inside: anonymize })]);
    const [response] = answer.documents;
    if (!response) {
      t.record('an object with Anonymize', answer.errors.map(({ errorCode }) => errorCode).join() || 'refused');
      return;
    }
    const object = objectIn(t, response) ?? t.skip('the target delivers no content for an object with Anonymize');
    const told = ['PatientName', 'PatientID', 'PatientBirthDate'].filter(keyword => {
      const value = textIn(object.dataSet, keyword);
      return [identity.name, identity.id, identity.birthDate].includes(value as never);
    });
    t.expect('the attributes of an anonymised object that tell the patient', told, []);
    t.expect('SOP Instance UID of an anonymised object', object.sopInstanceUID, noneOf(instance.sopInstanceUID));
  },
});

// Table 6.4-1: 0001 where one object cannot be anonymised, 0002 where none can.
export const codes = check({
  id: 'wado-ws/anonymise/codes',
  title: 'An object that is not anonymised has the code 0001, or 0002 where the server does not anonymise at all',
  requires: ['WADO-WS-6.4.4-01', 'WADO-WS-6.4.4-02'],
  given: { desks: allDesks, identified: fixture('identified'), mixed: fixture('mixed') },
  fault: miscodes('cannotAnonymize'),
  async run(t, { desks, identified, mixed }) {
    const [desk] = desks;
    if (!desk) return;
    const inside = (own: string) => (desk.action === 'information' ? `${anonymize}${own}` : `${own}${anonymize}`);
    // What cannot be rendered says nothing of anonymisation.
    const others = desk.action === 'rendered' ? [] : [instanceNamed(mixed, 'pdf'), instanceNamed(mixed, 'report')];
    const instances = [instanceNamed(identified, 'first'), ...others];
    const answers = [];
    for (const instance of instances) {
      const usual = desk.want(instance);
      answers.push({ instance, answer: await desk.ask(t, [{ ...usual, inside: inside(usual.inside ?? '') }]) });
    }
    const some = answers.some(({ answer }) => answer.documents.length > 0);
    for (const { instance, answer } of answers)
      expectCode(t, answer, instance.sopInstanceUID, `the object "${instance.name}" with Anonymize`, {
        row: some ? 'WADO-WS-6.4.4-01' : 'WADO-WS-6.4.4-02',
        situation: some ? 'cannotAnonymize' : 'noAnonymization',
        or: [some ? 'noAnonymization' : 'cannotAnonymize', 'unsupportedParameter'],
      });
  },
});
