import type { RequirementId } from '../../schemas/requirements.ts';
import { severities, type WsSituation, wsErrorCode, wsSituations } from '../../schemas/wado-ws.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { errorsFor, type RegistryError, type WsAnswer, wordsFor } from './ws.ts';

/** The error for a document; where none names it, the only error there is. */
export function errorIn(answer: WsAnswer, uid: string): RegistryError | undefined {
  const [found] = errorsFor(answer, uid);
  return found ?? (answer.errors.length === 1 ? answer.errors[0] : undefined);
}

/** What is wrong with the warnings of an answer (PS3.18-2013 6.4.1.2.1), in words. */
export function warningDefects(answer: WsAnswer): readonly string[] {
  return answer.errors
    .filter(({ severity }) => severity === severities.warning)
    .flatMap(({ errorCode, codeContext, location }) => [
      ...(errorCode === '' ? ['a warning without errorCode'] : []),
      ...(codeContext === '' ? ['a warning without codeContext'] : []),
      ...(location === '' ? ['a warning without location'] : []),
      ...(location !== '' && !answer.documents.some(({ uid }) => uid === location)
        ? ['a warning for a document that is not delivered']
        : []),
    ]);
}

/** What a code is expected to say. */
export interface ExpectedCode {
  readonly row: RequirementId;
  readonly situation: WsSituation;
  /** Other situations of Table 6.4-1 that fit as well. */
  readonly or?: readonly WsSituation[];
  /** Codes outside the table that fit as well. */
  readonly more?: readonly string[];
}

/** A code in the two forms that the editions print: a placeholder until 2014b, four digits from then on. */
const formsOf = (situation: WsSituation): readonly string[] => [wsErrorCode(situation, '2013'), wsErrorCode(situation, '2014c')];

/** Expects the code of the error for a document; that an error is reported at all is judged elsewhere, so what comes without one is recorded. */
export function expectCode(
  t: Trial,
  answer: WsAnswer,
  uid: string,
  what: string,
  { row, situation, or = [], more = [] }: ExpectedCode,
): void {
  const error = errorIn(answer, uid);
  if (!error) {
    t.record(`the answer to ${what}`, answer.documents.length > 0 ? 'a document' : wordsFor(answer));
    return;
  }
  const accepted = [...[situation, ...or].flatMap(formsOf), ...more];
  const words = [
    `urn:dicom:wado:${String(wsSituations[situation]).padStart(4, '0')}`,
    ...or.map(each => String(wsSituations[each]).padStart(4, '0')),
  ];
  t.expect(
    `the error code for ${what}`,
    error.errorCode,
    satisfying([...words, ...more].join(' or '), (code: string) => accepted.some(each => code === each)),
    { row },
  );
}
