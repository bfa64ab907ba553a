import { wsActions } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { sendsText } from '../kit/faults.ts';
import { allDesks } from '../kit/givens/ws.ts';
import { addressing } from '../kit/read/soap.ts';
import { relatesTo } from '../kit/ws.ts';
import { onWs } from '../kit/ws-faults.ts';

// PS3.18-2013 6.4: wsa:Action carries mustUnderstand.
export const mustUnderstand = check({
  id: 'wado-ws/envelope/the-action-has-to-be-understood',
  title: 'The Action header of every answer carries mustUnderstand',
  requires: ['WADO-WS-6.4-03'],
  given: { desks: allDesks },
  fault: onWs(sendsText(text => text.replace(/ soap12:mustUnderstand="true"/, ''))),
  async run(t, { desks }) {
    for (const desk of desks) {
      const { message } = await desk.ask(t, [desk.want(desk.instance)]);
      const [action] = message ? addressing(message, 'Action') : [];
      if (!message || !action) t.record(`wsa:Action of the answer to ${wsActions[desk.action].name}`, 'not there');
      else
        t.expect(
          `mustUnderstand on wsa:Action of the answer to ${wsActions[desk.action].name}`,
          action.qualified.get(`{${message.root.namespace}}mustUnderstand`)?.trim() ?? 'not there',
          anyOf('1', 'true'),
        );
    }
  },
});

// 6.4 with the WS-I Basic Profile: R9981 one child of Body, R1008 and R1009 no DTD and no processing instruction, R1012 UTF-8 or UTF-16.
export const basicProfile = check({
  id: 'wado-ws/envelope/ws-i-basic-profile',
  title: 'Answers have one element in Body, are in UTF-8 or UTF-16, and have neither DTD nor processing instructions',
  requires: ['WADO-WS-6.4-04'],
  given: { desks: allDesks },
  fault: onWs(sendsText(text => text.replace('?>\n<soap12:Envelope', '?>\n<?xml-stylesheet href="a.xsl"?><soap12:Envelope'))),
  async run(t, { desks }) {
    for (const desk of desks) {
      const { message, why } = await desk.ask(t, [desk.want(desk.instance)]);
      const of = `the answer to ${wsActions[desk.action].name}`;
      t.expect(`what keeps ${of} from being read`, why, '');
      if (!message) continue;
      t.expect(
        `the number of elements in Body of ${of}`,
        message.body.length,
        satisfying('at most 1', (n: number) => n <= 1),
      );
      t.expect(`the processing instructions in ${of}`, message.instructions, []);
      t.expect(`the encoding that ${of} names`, message.encoding || 'none', satisfying('UTF-8 or UTF-16', isUnicode));
    }
  },
});

const isUnicode = (name: string): boolean => name === 'none' || /^utf-?(8|16(le|be)?)$/i.test(name) || /^us-ascii$/i.test(name);

// 6.4.1.1: soap12 bindings.
export const version = check({
  id: 'wado-ws/envelope/the-version-of-soap',
  title: 'Answers are SOAP 1.2 messages',
  requires: ['WADO-WS-6.4-05'],
  given: { desks: allDesks },
  fault: onWs(sendsText(text => text.replaceAll('http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/'))),
  async run(t, { desks }) {
    for (const desk of desks) {
      const { message, why } = await desk.ask(t, [desk.want(desk.instance)]);
      t.expect(`the SOAP version of the answer to ${wsActions[desk.action].name}`, message?.version ?? why, '1.2');
    }
  },
});

// WS-Addressing 1.0 Core 3.4.
export const related = check({
  id: 'wado-ws/envelope/answers-relate-to-their-request',
  title: 'RelatesTo of an answer is the MessageID of its request',
  requires: ['WADO-WS-6.4-08'],
  given: { desks: allDesks },
  fault: onWs(sendsText(text => text.replace(/(<wsa:RelatesTo>urn:uuid:)[^<]*/, '$111111111-1111-4111-8111-111111111111'))),
  async run(t, { desks }) {
    for (const desk of desks) {
      for (const time of ['first', 'second']) {
        const answer = await desk.ask(t, [desk.want(desk.instance)]);
        t.expect(
          `whether wsa:RelatesTo of the ${time} answer to ${wsActions[desk.action].name} is the wsa:MessageID of the request`,
          relatesTo(answer) === answer.messageId || relatesTo(answer) || 'no RelatesTo',
          true,
        );
      }
    }
  },
});
