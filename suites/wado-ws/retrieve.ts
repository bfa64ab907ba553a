import { tagOf } from '../../schemas/dictionary.ts';
import { explicitLittleEndian, rleLossless, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { wsActions } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsText, sendsParts, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { type Desk, retrieveDesk } from '../kit/givens/ws.ts';
import { changes } from '../kit/kept.ts';
import type { InstanceUids } from '../kit/retrieve.ts';
import { actionOf, expectAnswered, responsesFor } from '../kit/ws.ts';
import { onRetrieve } from '../kit/ws-faults.ts';
import { objectIn, retrieved } from '../kit/ws-objects.ts';
import { askMixed, expectAccounted } from '../kit/ws-outcomes.ts';
import { syntaxList } from '../kit/ws-request.ts';

// PS3.18-2013 6.4.1.1.
export const actions = check({
  id: 'wado-ws/retrieve/the-actions-are-those-of-the-text',
  title: 'RetrieveImagingDocumentSet is taken and answered with the actions of the text',
  requires: ['WADO-WS-6.4.1.1-03', 'WADO-WS-6.4.1.1-02'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(
    sendsText(text =>
      text.replaceAll('urn:ihe:iti:2007:RetrieveDocumentSetResponse', 'urn:ihe:rad:2009:RetrieveImagingDocumentSetResponse'),
    ),
  ),
  async run(t, { desk }) {
    const { request, response } = wsActions.retrieve;
    t.expect('the action with which the target takes RetrieveImagingDocumentSet', desk.uri, request.action, { row: 'WADO-WS-6.4.1.1-02' });
    const answer = await desk.ask(t, [desk.want(desk.instance)]);
    t.expect('wsa:Action of the answer', actionOf(answer), response.action);
  },
});

async function missingOf(
  t: Trial,
  desk: Desk,
  instances: readonly (InstanceUids & { readonly name: string })[],
): Promise<readonly string[]> {
  const answer = await desk.ask(
    t,
    instances.map(each => desk.want(each)),
  );
  expectAnswered(t, answer, `a request for ${instances.length} documents`);
  return instances.filter(({ sopInstanceUID }) => responsesFor(answer, sopInstanceUID).length === 0).map(({ name }) => name);
}

/** A server that reads only the first of the elements of a name. */
const hearsFirst = (name: string) =>
  hearsText(text => {
    const first = text.indexOf(`</${name}>`) + name.length + 3;
    const last = text.lastIndexOf(`</${name}>`) + name.length + 3;
    return text.slice(0, first) + text.slice(last);
  });

export const severalDocuments = check({
  id: 'wado-ws/retrieve/several-documents-of-a-series',
  title: 'A request for three documents of a series is answered with three',
  requires: ['WADO-WS-6.4.1.1-11'],
  given: { desk: retrieveDesk, ct: fixture('ct') },
  fault: onRetrieve(hearsFirst('ihe:DocumentRequest')),
  async run(t, { desk, ct }) {
    t.expect('the documents that are missing of three', await missingOf(t, desk, ct.instances.slice(0, 3)), []);
  },
});

export const severalStudies = check({
  id: 'wado-ws/retrieve/several-series-and-studies',
  title: 'A request for documents of two series and of two studies is answered with all of them',
  requires: ['WADO-WS-6.4.1.1-12'],
  given: { desk: retrieveDesk, mixed: fixture('mixed'), ct: fixture('ct') },
  fault: onRetrieve(hearsFirst('iherad:StudyRequest')),
  async run(t, { desk, mixed, ct }) {
    const report = mixed.instances.filter(({ name }) => name === 'report');
    const wanted = [...mixed.instances.slice(0, 1), ...report, ...ct.instances.slice(0, 1)];
    t.expect('the documents that are missing of two series and two studies', await missingOf(t, desk, wanted), []);
  },
});

// 6.4.1.1 puts the list into each DocumentRequest, IHE RAD-69 under the root.
export const listPosition = check({
  id: 'wado-ws/retrieve/the-list-counts-in-both-places',
  title: 'The list of transfer syntaxes counts inside a DocumentRequest as it does under the root',
  requires: ['WADO-WS-6.4.1.1-13'],
  given: { desk: retrieveDesk, study: fixture('transfer-syntaxes') },
  fault: onRetrieve(
    hearsText(text => text.replace(/(<\/ihe:DocumentUniqueId>)<iherad:TransferSyntaxUIDList>.*?<\/iherad:TransferSyntaxUIDList>/, '$1')),
  ),
  async run(t, { desk, study }) {
    const [instance] = study.instances.filter(({ transferSyntax: uid }) => uid === rleLossless);
    if (!instance) throw new Error('the fixture has no RLE image');
    const syntaxOf = async (nested: boolean, uid: string) => {
      const list = syntaxList([uid]);
      const answer = await desk.ask(t, [desk.want(instance, nested ? { inside: list } : {})], { last: nested ? '' : list });
      if (answer.element === null) return null;
      const [response] = answer.documents;
      return response ? (objectIn(t, response)?.transferSyntax ?? 'no object') : 'an error';
    };
    for (const uid of [rleLossless, explicitLittleEndian]) {
      const [nested, root] = [await syntaxOf(true, uid), await syntaxOf(false, uid)];
      const name = transferSyntax(uid)?.name ?? uid;
      if (nested === null || root === null) t.record(`the list inside ${nested === null ? 'a DocumentRequest' : 'the root'}`, 'refused');
      else t.expect(`the transfer syntax for a list of ${name} inside DocumentRequest`, nested, anyOf(root));
    }
  },
});

// 6.4.1.2: a document, or an error code.
export const accounted = check({
  id: 'wado-ws/retrieve/every-document-is-accounted-for',
  title: 'Each document asked for is returned, or an error names it; unknown ones are no reason for a fault',
  requires: ['WADO-WS-6.4.1.2-01', 'WADO-WS-6.4-12'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsText(text => text.replace(/<rs:RegistryErrorList.*?<\/rs:RegistryErrorList>/, ''))),
  async run(t, { desk }) {
    expectAccounted(t, await askMixed(t, desk, 'WADO-WS-6.4-12'), desk);
  },
});

// 6.4: PS3.10 files.
export const files = check({
  id: 'wado-ws/retrieve/documents-are-part-10-files',
  title: 'A document is a PS3.10 file of the instance that was asked for',
  requires: ['WADO-WS-6.4.1.2-02'],
  given: { desk: retrieveDesk },
  fault: onRetrieve(sendsParts(parts => parts.map((part, i) => (i === 0 ? part : { ...part, body: part.body.subarray(132) })))),
  async run(t, { desk }) {
    const object = await retrieved(t, desk, desk.instance);
    const right = object?.sopInstanceUID === desk.instance.sopInstanceUID;
    t.expect('whether SOP Instance UID (0008,0018) of the document is the DocumentUniqueId', right, true);
  },
});

// PS3.10-2013 7.1.
export const honestSyntax = check({
  id: 'wado-ws/retrieve/the-file-is-in-the-transfer-syntax-that-it-states',
  title: 'A document is encoded in the transfer syntax that it states',
  requires: ['WADO-WS-6.4.1.2-05'],
  given: { desk: retrieveDesk, study: fixture('transfer-syntaxes') },
  fault: onRetrieve(
    sendsParts(parts =>
      parts.map((part, i) =>
        i === 0
          ? part
          : {
              ...part,
              body: Buffer.from(part.body.toString('latin1').replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.5\0'), 'latin1'),
            },
      ),
    ),
  ),
  async run(t, { desk, study }) {
    for (const instance of study.instances) {
      const object = await retrieved(t, desk, instance, { syntaxes: [explicitLittleEndian], mayFail: true });
      const pixels = object?.dataSet.get(tagOf('PixelData'));
      if (!object || !pixels) continue;
      const form = 'fragments' in pixels ? 'fragments' : 'native';
      const belongs = transferSyntax(object.transferSyntax)?.encapsulated ? 'fragments' : 'native';
      t.expect(`the form of Pixel Data of ${instance.name} in ${transferSyntax(object.transferSyntax)?.name}`, form, belongs);
    }
    t.record('objects that were read', String(study.instances.length));
  },
});

// IHE RAD-69: the image is not altered.
export const unaltered = check({
  id: 'wado-ws/retrieve/objects-are-not-altered',
  title: 'The attributes and pixels of a document are those that were stored',
  requires: ['WADO-WS-6.4.1.2-06'],
  given: { desk: retrieveDesk, ct: fixture('ct') },
  fault: onRetrieve(sendsText(text => text.replaceAll('CONFTEST^Ct', 'Coerced^Ct '))),
  async run(t, { desk, ct }) {
    for (const instance of [ct.instances[0], ct.instances.at(-1)]) {
      if (!instance) continue;
      const object = await retrieved(t, desk, instance);
      const changed = object ? changes(instance, object).map(({ where }) => where) : [];
      t.expect(`what differs in ${instance.name} from what was stored`, changed, []);
    }
  },
});
