import { wsActions } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { sendsStatus, status } from '../kit/faults.ts';
import { refusedActions, retrieveDesk } from '../kit/givens/ws.ts';
import { wordsFor } from '../kit/ws.ts';
import { onRetrieve, onWs } from '../kit/ws-faults.ts';

// PS3.18-2013 6.4: at least one of the three actions.
export const someAction = check({
  id: 'wado-ws/service/some-action-is-offered',
  title: 'At least one of the three actions is processed',
  requires: ['WADO-WS-6.4-01', 'WADO-WS-6.4-02'],
  given: { refused: refusedActions },
  fault: onWs(status(501)),
  async run(t, { refused }) {
    const names = Object.entries(wsActions);
    for (const [action, { name }] of names) t.record(`the answer to ${name}`, refused.get(action as never) ?? 'a response');
    t.expect(
      'the answers to the three actions',
      names.map(([action, { name }]) => `${name}: ${refused.get(action as never) ?? 'a response'}`),
      satisfying('a response to at least one of them', (answers: string[]) => answers.some(answer => answer.endsWith(': a response'))),
    );
  },
});

// 6.1: WS mode is HTTP POST.
export const posted = check({
  id: 'wado-ws/service/messages-are-posted',
  title: 'A message that is sent with POST is answered with status 200',
  requires: ['WADO-WS-6.1-01'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsStatus(202)),
  async run(t, { desk }) {
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    t.record('the answer', wordsFor(answer));
    t.expect('the status of a message that is sent with POST', answer.status, 200);
  },
});
