import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { headerValue } from '../harness/wire.ts';
import { answers, on } from '../kit/faults.ts';
import { readMediaType } from '../kit/read/header.ts';
import { storing } from '../kit/store.ts';
import { postForModules } from '../kit/store-outcomes.ts';
import { freshStudy, send, stores } from '../kit/stored.ts';
import { posts } from './module.ts';

const typeOf = (headers: Parameters<typeof headerValue>[0]): string => readMediaType(headerValue(headers, 'Content-Type') ?? '').value.type;

// PS3.18-2013 6.6.1.3: an XML message body, which is application/dicom+xml everywhere else.
export const label = check({
  id: 'stow-rs/response-format/content-type',
  title: 'The response module is labelled application/dicom+xml and is no multipart message',
  requires: ['STOW-RS-6.6.1.3-03', 'STOW-RS-6.6.1.3-04'],
  given: { stores },
  writes: true,
  fault: on(
    posts,
    answers(async response => new Response(await response.text(), { status: response.status, headers: { 'Content-Type': 'text/html' } })),
  ),
  async run(t) {
    for (const { what, answer } of await postForModules(t)) {
      if (![200, 202, 409].includes(answer.status)) continue;
      const type = typeOf(answer.exchange.response.headers);
      const single = satisfying('anything but multipart', (value: string) => !value.startsWith('multipart/'));
      t.expect(`the Content-Type of the answer to ${what}`, type, single, { row: 'STOW-RS-6.6.1.3-04' });
      if (answer.form === 'xml') t.expect(`the Content-Type of the answer to ${what}`, type, 'application/dicom+xml');
      else t.record(`the Content-Type of the answer to ${what}`, type);
    }
  },
});

// 2013 knows no JSON in the answer to a store request; 2014a lets the server choose.
export const xml = check({
  id: 'stow-rs/response-format/xml-unless-json-is-asked-for',
  title: 'The response module is XML for a client that asks for XML or for nothing',
  requires: ['STOW-RS-6.6.1.3-05'],
  given: { stores },
  writes: true,
  fault: on(
    request => posts(request) && !/xml/.test(request.headers.get('Accept') ?? ''),
    answers(
      response => new Response('{"00081190":{"vr":"UT"}}', { status: response.status, headers: { 'Content-Type': 'application/json' } }),
    ),
  ),
  async run(t) {
    for (const accept of ['application/dicom+xml', '']) {
      const { instances } = await freshStudy(t, 'ct', 1);
      const ask = storing(instances.map(instance => instance.part10()));
      const others = (Array.isArray(ask.headers) ? ask.headers : []).filter(([name]) => name !== 'Accept');
      const { form, status } = await send(t, { ...ask, headers: [...others, ...(accept === '' ? [] : [['Accept', accept] as const])] });
      t.record(
        `the body of the answer (status ${status}) to a store request ${accept === '' ? 'without Accept' : `with Accept: ${accept}`}`,
        form,
      );
      if (form === 'json') t.expect(`the body for a client ${accept === '' ? 'without Accept' : `with Accept: ${accept}`}`, form, 'xml');
    }
  },
});
