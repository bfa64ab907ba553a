import type { RequirementId } from '../../schemas/requirements.ts';
import { type ClientCheck, clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, on } from '../kit/faults.ts';
import { uriRequest, wantsDicom } from '../kit/uri-request.ts';

// PS3.5-2013 6.2: at most 12 and 16 bytes, with spaces around.
const isInteger = (text: string) => text.length <= 12 && /^ *[+-]?\d+ *$/.test(text);
const isDecimal = (text: string) => text.length <= 16 && /^ *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? *$/.test(text);
const integer = satisfying('an integer string (IS)', isInteger as (actual: never) => boolean);
const decimal = satisfying('a decimal string (DS)', isDecimal as (actual: never) => boolean);

interface Parameter {
  readonly name: string;
  /** The parameter is only recorded where it is not sent. */
  readonly optional: RequirementId;
  readonly notWithDicom: RequirementId;
  readonly value: RequirementId;
  readonly form: ReturnType<typeof satisfying>;
}

/** A check of the value of a parameter for rendered images, and that it is not sent with application/dicom. */
function parameter({ name, optional, notWithDicom, value, form }: Parameter): ClientCheck {
  return clientCheck({
    id: `wado-uri/client-rendering/${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`,
    title: `${name} is a number, and is not sent with application/dicom`,
    requires: [value, notWithDicom, optional],
    wrongClient: on(
      new RegExp(`[?&]${name}=`),
      hears(url => url.searchParams.set(name, '0x40')),
    ),
    looks(t, exchange) {
      const request = uriRequest(exchange);
      const sent = request?.value(name) ?? null;
      if (!request) return;
      if (sent === null) {
        t.record(name, 'left out');
        return;
      }
      t.expect(name, sent, form);
      t.expect(`whether ${name} is sent with contentType=application/dicom`, wantsDicom(request), false, { row: notWithDicom });
    },
  });
}

// 8.2.2, 8.2.3 and 8.2.7.
export const rows = parameter({
  ...{ name: 'rows', form: integer, optional: 'WADO-URI-8.2.2-01', notWithDicom: 'WADO-URI-8.2.2-02', value: 'WADO-URI-8.2.2-12' },
});
export const columns = parameter({
  ...{ name: 'columns', form: integer, optional: 'WADO-URI-8.2.3-01', notWithDicom: 'WADO-URI-8.2.3-02', value: 'WADO-URI-8.2.3-07' },
});
export const frameNumber = parameter({
  ...{ name: 'frameNumber', form: integer, optional: 'WADO-URI-8.2.7-01', notWithDicom: 'WADO-URI-8.2.7-06', value: 'WADO-URI-8.2.7-07' },
});
// 8.2.5 and 8.2.6.
export const windowCenter = parameter({
  ...{ name: 'windowCenter', form: decimal, optional: 'WADO-URI-8.2.5-01', notWithDicom: 'WADO-URI-8.2.5-04', value: 'WADO-URI-8.2.5-06' },
});
export const windowWidth = parameter({
  ...{ name: 'windowWidth', form: decimal, optional: 'WADO-URI-8.2.6-01', notWithDicom: 'WADO-URI-8.2.6-04', value: 'WADO-URI-8.2.6-10' },
});

// 8.2.5, 8.2.6 and 8.2.9: a window has two numbers, and does not go with a presentation state.
export const window = clientCheck({
  id: 'wado-uri/client-rendering/window',
  title: 'windowCenter and windowWidth are sent together, and not with presentationUID',
  requires: ['WADO-URI-8.2.5-02', 'WADO-URI-8.2.6-02', 'WADO-URI-8.2.5-03', 'WADO-URI-8.2.6-03'],
  wrongClient: on(
    /windowWidth=/,
    hears(url => url.searchParams.delete('windowWidth')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const [center, width] = [request?.value('windowCenter') ?? null, request?.value('windowWidth') ?? null];
    if (!request || (center === null && width === null)) return;
    t.expect('whether windowCenter comes with windowWidth', width !== null, true);
    t.expect('whether windowWidth comes with windowCenter', center !== null, true, { row: 'WADO-URI-8.2.6-02' });
    const state = request.value('presentationUID') !== null;
    if (center !== null) t.expect('whether windowCenter is sent with presentationUID', state, false, { row: 'WADO-URI-8.2.5-03' });
    if (width !== null) t.expect('whether windowWidth is sent with presentationUID', state, false, { row: 'WADO-URI-8.2.6-03' });
  },
});
