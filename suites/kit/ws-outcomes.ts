import type { RequirementId } from '../../schemas/requirements.ts';
import { registryStatuses, severities } from '../../schemas/wado-ws.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Desk } from './givens/ws.ts';
import { unknownUid } from './offers.ts';
import { errorsFor, expectAnswered, responsesFor, type WsAnswer } from './ws.ts';
import { errorIn } from './ws-errors.ts';

/** What a request asks for, in words. */
export const requests = {
  known: 'a request for a known document',
  mixed: 'a request for a known and an unknown document',
  unknown: 'a request for an unknown document',
} as const;

/** The answers to what is there, to what is there in part, and to nothing that is there. */
export async function outcomes(t: Trial, desk: Desk): Promise<Readonly<Record<keyof typeof requests, WsAnswer>>> {
  const known = desk.want(desk.instance);
  const unknown = desk.want({ ...desk.instance, sopInstanceUID: unknownUid });
  return { known: await desk.ask(t, [known]), mixed: await desk.ask(t, [known, unknown]), unknown: await desk.ask(t, [unknown]) };
}

/** A request for a document that is there and for one that is not, and the answer to it, which is expected to be a response. */
export async function askMixed(t: Trial, desk: Desk, row?: RequirementId): Promise<WsAnswer> {
  const answer = await desk.ask(t, [desk.want(desk.instance), desk.want({ ...desk.instance, sopInstanceUID: unknownUid })]);
  expectAnswered(t, answer, requests.mixed, row);
  return answer;
}

/** The status without the root of its URN. */
export const kindOf = (status: string): string => status.replace(/^.*ResponseStatusType:/, '');

/** Expects one of the three URNs, and Success where and only where all documents were delivered; 6.4.2.2 and 6.4.3.2 do not tell the other two apart. */
export async function expectStatuses(t: Trial, desk: Desk, row: RequirementId): Promise<void> {
  const { success, partialSuccess, failure } = registryStatuses;
  for (const [key, answer] of Object.entries(await outcomes(t, desk)) as [keyof typeof requests, WsAnswer][]) {
    expectAnswered(t, answer, requests[key], row);
    const wanted = key === 'known' && answer.documents.length > 0 ? success : anyOf(partialSuccess, failure);
    t.expect(`the status of the response to ${requests[key]}`, answer.overall, wanted, { row });
  }
}

/** Expects that a response or an error names each document. */
export function expectAccounted(t: Trial, answer: WsAnswer, { instance }: Desk, row?: RequirementId): void {
  const accountedFor = (uid: string) => responsesFor(answer, uid).length + errorsFor(answer, uid).length > 0;
  const outcome = { known: accountedFor(instance.sopInstanceUID), unknown: accountedFor(unknownUid) };
  const options = row === undefined ? {} : { row };
  t.expect('whether a response or an error names the known and the unknown document', outcome, { known: true, unknown: true }, options);
}

/** Expects of an unknown document an error that is complete, and no response. */
export function expectFailed(t: Trial, answer: WsAnswer, rows: { readonly error: RequirementId; readonly response?: RequirementId }): void {
  const error = errorIn(answer, unknownUid);
  const row = { row: rows.error };
  const told = { severity: error?.severity, location: error?.location };
  t.expect('severity and location of the error for an unknown document', told, { severity: severities.error, location: unknownUid }, row);
  const filled = { errorCode: error?.errorCode !== '', codeContext: error?.codeContext !== '' };
  t.expect('whether errorCode and codeContext of the error are filled', filled, { errorCode: true, codeContext: true }, row);
  t.record('the code for an unknown document', error?.errorCode ?? '');
  t.expect('the number of responses for an unknown document', responsesFor(answer, unknownUid).length, 0, {
    row: rows.response ?? rows.error,
  });
}

/** Expects that no error but a warning names a document that is delivered. */
export function expectNoError(t: Trial, answer: WsAnswer, { instance }: Desk, row?: RequirementId): void {
  const { sopInstanceUID } = instance;
  if (responsesFor(answer, sopInstanceUID).length === 0) t.skip('the target does not deliver the document');
  const naming = answer.errors.filter(({ location, severity }) => location === sopInstanceUID && severity !== severities.warning);
  t.expect(
    'the errors that name a document that is delivered',
    naming.map(({ errorCode, severity }) => `${errorCode} (${severity})`),
    [],
    row === undefined ? {} : { row },
  );
}

const community = 'urn:oid:2.25.1.2';

/** Expects HomeCommunityId of the request, and none where the request has none. */
export async function expectHomeCommunity(t: Trial, desk: Desk, { mayBeMissing = false } = {}): Promise<void> {
  const plain = await desk.ask(t, [desk.want(desk.instance)]);
  expectAnswered(t, plain, requests.known);
  const without = plain.documents[0] ?? t.skip('the target does not deliver the document');
  t.expect('HomeCommunityId where the request has none', without.text('HomeCommunityId') || 'not there', 'not there');
  const answer = await desk.ask(t, [desk.want(desk.instance, { home: community })]);
  const [response] = answer.documents;
  // A server may know that it is not of that community.
  if (!response) t.record('a request with HomeCommunityId', answer.errors.map(({ errorCode }) => errorCode).join() || 'refused');
  else
    t.expect(
      'HomeCommunityId where the request has one',
      response.text('HomeCommunityId') ?? 'not there',
      mayBeMissing ? anyOf(community, 'not there') : community,
    );
}
