import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { sendsParts, sendsText } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { renderedDesk } from '../kit/givens/ws.ts';
import { readMediaType } from '../kit/read/header.ts';
import { grayAt, looksLike, type Picture } from '../kit/read/picture.ts';
import { instanceNamed } from '../kit/uri.ts';
import { onRendered } from '../kit/ws-faults.ts';
import { numberIn, regionIn, renderedBy, renderedOrNull } from '../kit/ws-rendered.ts';

// PS3.18-2013 6.4.2.2: the values actually used. What is missing says nothing wrong, since deployed schemas make these elements optional.
export const frame = check({
  id: 'wado-ws/rendered-values/the-frame-number-is-that-of-the-request',
  title: 'FrameNumber is that of the request, and absent where the request has none',
  requires: ['WADO-WS-6.4.2.2-08'],
  given: { desk: renderedDesk, multiFrame: fixture('multi-frame'), ct: fixture('ct') },
  fault: onRendered(
    sendsText(text =>
      text.includes('wado:FrameNumber') ? text : text.replace('<wado:Annotation', '<wado:FrameNumber>1</wado:FrameNumber><wado:Annotation'),
    ),
  ),
  async run(t, { desk, multiFrame, ct }) {
    const without = await renderedBy(t, desk, firstOf(ct));
    t.expect('FrameNumber where the request has none', without.response.text('FrameNumber') || 'not there', 'not there');
    const second = await renderedOrNull(t, desk, firstOf(multiFrame), { FrameNumber: 2 });
    if (second) t.expect('FrameNumber where the request has 2', second.response.text('FrameNumber') ?? 'not there', '2');
  },
});

export const size = check({
  id: 'wado-ws/rendered-values/rows-and-columns-are-those-of-the-picture',
  title: 'Rows and Columns state the size of the picture',
  requires: ['WADO-WS-6.4.2.2-09'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: onRendered(sendsText(text => text.replace(/(<wado:Rows>)\d+/, '$1300'))),
  async run(t, { desk, rendering }) {
    const { response, picture } = await renderedBy(t, desk, instanceNamed(rendering, 'ramp'), { Rows: 100, Columns: 100 });
    for (const [name, used] of [
      ['Rows', picture.height],
      ['Columns', picture.width],
    ] as const) {
      const told = numberIn(response, name);
      if (Number.isNaN(told)) t.record(name, 'not there');
      // The parameters that were used as maxima are one reading.
      else t.expect(`${name} of a picture with ${used} where at most 100 were wanted`, told, anyOf(used, 100));
    }
  },
});

export const window = check({
  id: 'wado-ws/rendered-values/the-window-is-the-one-that-was-applied',
  title: 'WindowCenter and WindowWidth state the window that was applied',
  requires: ['WADO-WS-6.4.2.2-10'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: onRendered(sendsText(text => text.replace(/(<wado:WindowWidth>)100</, '$12000<'))),
  async run(t, { desk, rendering }) {
    const ramp = instanceNamed(rendering, 'ramp');
    const plain = await renderedBy(t, desk, ramp);
    const { response, picture } = await renderedBy(t, desk, ramp, { WindowWidth: 100, WindowCenter: 40 });
    t.record('the window without one in the request', `${plain.response.text('WindowCenter')} and ${plain.response.text('WindowWidth')}`);
    const [center, width] = [numberIn(response, 'WindowCenter'), numberIn(response, 'WindowWidth')];
    if (looksLike(picture, plain.picture) || Number.isNaN(center) || Number.isNaN(width))
      t.record('the window of the request', 'not applied or not told');
    else t.expect('the window of a picture with center 40 and width 100', { center, width }, { center: 40, width: 100 });
  },
});

export const quality = check({
  id: 'wado-ws/rendered-values/the-quality-is-from-1-to-100',
  title: 'ImageQuality of a picture is from 1 to 100',
  requires: ['WADO-WS-6.4.2.2-11'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: onRendered(sendsText(text => text.replace(/(<wado:ImageQuality>)\d+/, '$10.9'))),
  async run(t, { desk, rendering }) {
    const { response } = await renderedBy(t, desk, instanceNamed(rendering, 'ramp'));
    const told = response.text('ImageQuality');
    if (told === undefined || told === '') t.record('ImageQuality', 'not there');
    else
      t.expect(
        'ImageQuality of a picture',
        told,
        satisfying('a whole number from 1 to 100', (text: string) => /^\+?\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 100),
      );
  },
});

export const annotation = check({
  id: 'wado-ws/rendered-values/the-annotation-is-the-one-that-was-burned-in',
  title: 'Annotation states what was burned in',
  requires: ['WADO-WS-6.4.2.2-12'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: onRendered(sendsText(text => text.replace('<wado:Annotation>patient', '<wado:Annotation>technique'))),
  async run(t, { desk, rendering }) {
    const found = await renderedOrNull(t, desk, instanceNamed(rendering, 'ramp'), { Annotation: 'patient' });
    const told = found?.response.text('Annotation') ?? '';
    if (!found || told === '') t.record('Annotation for patient', found ? 'not there' : 'an error');
    else t.expect('Annotation for patient', told.toLowerCase(), 'patient');
  },
});

/** Whether a picture shows one of the squares alone: it is as gray in its corners as in the middle. */
function isFlat(picture: Picture): boolean {
  const at = (x: number, y: number) => grayAt(picture, Math.floor(x * (picture.width - 1)), Math.floor(y * (picture.height - 1)));
  const grays = [at(0.1, 0.1), at(0.9, 0.1), at(0.1, 0.9), at(0.9, 0.9)];
  return Math.max(...grays) - Math.min(...grays) < 12;
}

export const region = check({
  id: 'wado-ws/rendered-values/the-region-is-the-one-that-is-shown',
  title: 'Region states the part of the image that is shown',
  requires: ['WADO-WS-6.4.2.2-13'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: onRendered(sendsText(text => text.replace(/<wado:XMin>0.5/, '<wado:XMin>0.0'))),
  async run(t, { desk, rendering }) {
    const wanted = [0.5, 0, 1, 0.5] as const;
    const found = await renderedOrNull(t, desk, instanceNamed(rendering, 'quadrants'), { Region: wanted });
    const told = found && regionIn(found.response);
    if (!found || !told) t.record('Region', found ? 'not there' : 'an error');
    else {
      const shown = isFlat(found.picture) ? wanted : [0, 0, 1, 1];
      const close = (values: readonly number[]) => values.every((value, i) => Math.abs(value - (shown[i] ?? 0)) <= 0.01);
      t.expect('the four values of Region for what the picture shows', told, satisfying(shown.join(', '), close));
    }
  },
});

const signatures: Readonly<Record<string, string>> = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/gif': 'gif' };

export const mimeType = check({
  id: 'wado-ws/rendered-values/the-mime-type-is-that-of-the-rendering',
  title: 'mimeType is one of the types of the request, and that of the picture',
  requires: ['WADO-WS-6.4.2.2-14'],
  given: { desk: renderedDesk, rendering: fixture('rendering') },
  fault: onRendered(sendsText(text => text.replace('<ihe:mimeType>image/jpeg', '<ihe:mimeType>image/png'))),
  async run(t, { desk, rendering }) {
    const contentTypes = ['image/jpeg', 'image/png'];
    const { response, picture } = await renderedBy(t, desk, instanceNamed(rendering, 'ramp'), { contentTypes });
    const { type } = readMediaType(response.text('mimeType') ?? '').value;
    t.expect('mimeType of a rendering as image/jpeg or image/png', type, anyOf(...contentTypes));
    t.expect(`the format of a picture with mimeType ${type}`, picture.format, signatures[type]);
  },
});

export const content = check({
  id: 'wado-ws/rendered-values/the-document-holds-the-picture',
  title: 'Document of a rendering holds a picture',
  requires: ['WADO-WS-6.4.2.2-15'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: onRendered(
    sendsParts(parts => parts.map((part, i) => (i === 0 ? part : { ...part, body: Buffer.from(`${'\0'.repeat(128)}DICM`) }))),
  ),
  async run(t, { desk, ct }) {
    const { picture } = await renderedBy(t, desk, firstOf(ct));
    t.expect('the format of the rendering as image/jpeg', picture.format, 'jpeg');
  },
});
