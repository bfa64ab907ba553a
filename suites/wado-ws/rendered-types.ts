import { studyNamed } from '../../fixtures/corpus.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import { hearsText, sendsParts } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { renderedDesk, retrieveDesk } from '../kit/givens/ws.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { readMediaType } from '../kit/read/header.ts';
import { readJpegFrame } from '../kit/read/picture.ts';
import { instanceNamed } from '../kit/uri.ts';
import { expectDelivered, type WsAnswer } from '../kit/ws.ts';
import { onRendered, onRetrieve } from '../kit/ws-faults.ts';
import { askRendered, imagines, mishears } from '../kit/ws-rendered.ts';

const outcomeOf = ({ documents, element }: WsAnswer): string => {
  const [response] = documents;
  if (response) return readMediaType(response.text('mimeType') ?? '').value.type || 'no type';
  return element === null ? 'a refusal' : 'an error';
};

// PS3.18-2013 6.4.2.2: an error where the document cannot be rendered as requested.
export const unknownType = check({
  id: 'wado-ws/rendered-types/an-unknown-type-is-an-error',
  title: 'An image that is asked for in a type that does not exist is not rendered in another one',
  requires: ['WADO-WS-6.4.2.2-02'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: mishears('ContentType', () => 'image/jpeg'),
  async run(t, { desk, ct }) {
    const answer = await askRendered(t, desk, firstOf(ct), { contentTypes: ['image/x-no-such'] });
    t.expect('what is delivered for the ContentType image/x-no-such', outcomeOf(answer), anyOf('an error', 'a refusal'));
  },
});

// 7.1.2.
export const jpeg = check({
  id: 'wado-ws/rendered-types/image-jpeg-of-single-frames',
  title: 'A single-frame image can be had as image/jpeg',
  requires: ['WADO-WS-7.1.2-01'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: mishears('ContentType', () => 'image/x-no-such'),
  async run(t, { desk, ct }) {
    t.expect('what a CT image comes as for the ContentType image/jpeg', outcomeOf(await askRendered(t, desk, firstOf(ct))), 'image/jpeg');
  },
});

// 7.1.2: baseline; what else is lossy, Huffman coded and of 8 bits is let pass.
export const jpegProcess = check({
  id: 'wado-ws/rendered-types/image-jpeg-is-lossy-and-of-8-bits',
  title: 'image/jpeg is 8-bit, Huffman coded, lossy and not hierarchical',
  requires: ['WADO-WS-7.1.2-02'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: onRendered(
    sendsParts(parts =>
      parts.map((part, i) =>
        i === 0 ? part : { ...part, body: Buffer.from(part.body.toString('latin1').replace('\xff\xc0', '\xff\xc3'), 'latin1') },
      ),
    ),
  ),
  async run(t, { desk, ct }) {
    const instance = firstOf(ct);
    const response = expectDelivered(t, await askRendered(t, desk, instance), instance.sopInstanceUID, 'a rendering as image/jpeg');
    try {
      const { process, precision, huffman } = readJpegFrame(response.content.bytes);
      t.expect('the process of the JPEG stream', process, anyOf('SOF0', 'SOF1', 'SOF2'));
      t.expect('precision and coding of the JPEG stream', { precision, huffman }, { precision: 8, huffman: true });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      t.expect('the content of a rendering as image/jpeg', error.message, 'a JPEG stream');
    }
  },
});

// 7.2.2 and 0008: several frames are not one picture.
export const multiFrame = check({
  id: 'wado-ws/rendered-types/a-multi-frame-image-is-not-one-picture',
  title: 'A multi-frame image that is asked for as image/jpeg without FrameNumber is an error',
  requires: ['WADO-WS-7.2.2-01'],
  given: { desk: renderedDesk, study: fixture('multi-frame') },
  fault: imagines('FrameNumber', '<wado:FrameNumber>1</wado:FrameNumber>'),
  async run(t, { desk, study }) {
    const answer = await askRendered(t, desk, firstOf(study));
    t.expect(
      'what five frames come as for the ContentType image/jpeg without FrameNumber',
      outcomeOf(answer),
      anyOf('an error', 'a refusal'),
    );
  },
});

// 8.1.5.
export const unlisted = check({
  id: 'wado-ws/rendered-types/image-jpeg-without-a-list',
  title: 'Without ContentTypeList a single-frame image comes as image/jpeg',
  requires: ['WADO-WS-8.1.5-01'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: onRendered(
    hearsText(text =>
      text.includes('ContentTypeList')
        ? text
        : text.replace(
            '</wado:RenderedDocumentRequest>',
            '<wado:ContentTypeList><wado:ContentType>image/png</wado:ContentType></wado:ContentTypeList></wado:RenderedDocumentRequest>',
          ),
    ),
  ),
  async run(t, { desk, ct }) {
    const outcome = outcomeOf(await askRendered(t, desk, firstOf(ct), { contentTypes: [] }));
    if (outcome === 'a refusal') t.skip('the target refuses a request without ContentTypeList');
    t.expect('what a CT image comes as without ContentTypeList', outcome, 'image/jpeg');
  },
});

export const secondChoice = check({
  id: 'wado-ws/rendered-types/the-next-type-of-the-list-counts',
  title: 'A type further down in ContentTypeList is used where those before it are not supported',
  requires: ['WADO-WS-8.1.5-02'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: onRendered(hearsText(text => text.replace(/(image\/x-no-such<\/wado:ContentType>).*?(?=<\/wado:ContentTypeList>)/, '$1'))),
  async run(t, { desk, ct }) {
    const answer = await askRendered(t, desk, firstOf(ct), { contentTypes: ['image/x-no-such', 'image/jpeg'] });
    t.expect('what a CT image comes as for image/x-no-such and image/jpeg', outcomeOf(answer), 'image/jpeg');
  },
});

// 7.3.2, and 8.1.6: character sets are an offer.
export const texts = check({
  id: 'wado-ws/rendered-types/reports-as-text',
  title: 'A structured report can be had as text/plain and as text/html',
  requires: ['WADO-WS-7.3.2-01', 'WADO-WS-8.1.6-02'],
  given: { desk: renderedDesk, ct: fixture('ct') },
  fault: mishears('ContentType', type => type.replace('text/plain', 'text/html')),
  async run(t, { desk, ct }) {
    const report = instanceNamed(ct, 'report');
    for (const type of ['text/plain', 'text/html']) {
      const answer = await askRendered(t, desk, report, { contentTypes: [type], charsets: ['UTF-8'] });
      t.expect(`what a structured report comes as for the ContentType ${type}`, outcomeOf(answer), type);
      t.record(
        `the character set of ${type} for the Charset UTF-8`,
        /charset="?([\w-]+)/i.exec(answer.documents[0]?.text('mimeType') ?? '')?.[1] ?? 'not told',
      );
    }
  },
});

const report = instanceNamed(studyNamed('mixed'), 'report').sopInstanceUID;

// 7.1.2, 7.2.2, 7.3.2 and 7.4.2: application/dicom is there for every class.
export const dicom = check({
  id: 'wado-ws/rendered-types/dicom-objects-of-every-class',
  title: 'Objects of every class can be had by RetrieveImagingDocumentSet',
  requires: ['WADO-WS-7.1.2-03'],
  given: { desk: retrieveDesk, mixed: fixture('mixed'), frames: fixture('multi-frame') },
  fault: onRetrieve(hearsText(text => text.replaceAll(report, '2.25.1'))),
  async run(t, { desk, mixed, frames }) {
    const instances = [...mixed.instances, firstOf(frames)];
    for (const instance of [...new Map(instances.map(each => [each.sopClassUID, each])).values()]) {
      const outcome = outcomeOf(await desk.ask(t, [desk.want(instance)]));
      t.expect(`what the object "${instance.name}" comes as`, outcome, 'application/dicom');
    }
  },
});
