import { tagOf } from '../../schemas/dictionary.ts';
import { check } from '../harness/check.ts';
import { nameOf } from '../kit/compare.ts';
import { allAttributes, documents, type MetadataDocument, valueIn } from '../kit/documents.ts';
import { on, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { objects, textIn } from '../kit/objects.ts';
import { imagesOf } from '../kit/pixels.ts';
import { instancePath, studiesAtHand, studyPath } from '../kit/retrieve.ts';
import { sameValue } from '../kit/same.ts';

const metadata = /\/metadata$/;
const most = 6;
const held = studiesAtHand('ct', 'mixed', 'private', 'every-vr', 'limits');
const pathOf = (study: { readonly studyInstanceUID: string }) => `${studyPath(study)}/metadata`;

/** PS3.18-2013 6.5.6: VRs whose values are never given by reference, in any edition. */
const neverByReference = ['AE', 'AS', 'AT', 'CS', 'DA', 'DT', 'LO', 'PN', 'SH', 'SQ', 'TM', 'UI'];
const referred = (document: MetadataDocument) => allAttributes(document.attributes).filter(({ content }) => content.kind === 'reference');

// PS3.18-2013 6.5.6: a bulk data URL may stand for values of some VRs only.
export const references = check({
  id: 'wado-rs/metadata-content/values-by-reference',
  title: 'Bulk data references stand only for values of the VRs that may have them',
  requires: ['WADO-RS-6.5.6-11', 'WADO-RS-6.5.6-10', 'WADO-RS-6.5.6-12', 'WADO-RS-6.5.6-26'],
  given: { studies: held },
  fault: on(
    metadata,
    sendsText(text =>
      text.replaceAll(
        /(<DicomAttribute [^>]*tag="00081030"[^>]*>)[\s\S]*?(<\/DicomAttribute>)/g,
        '$1<BulkData uri="http://mock.invalid/bulk"/>$2',
      ),
    ),
  ),
  async run(t, { studies }) {
    const vrs = new Set<string>();
    let inlinePixels = 0;
    for (const study of studies.slice(0, most)) {
      for (const document of await documents(t, pathOf(study))) {
        const found = referred(document);
        for (const { vr } of found) vrs.add(vr);
        const named = (wrong: readonly string[]) => [
          ...new Set(found.filter(({ vr }) => wrong.includes(vr)).map(({ tag, vr }) => `${nameOf(tag)}, VR ${vr}`)),
        ];
        t.expect('the attributes that metadata give by reference although their VR does not allow it', named(neverByReference), []);
        t.expect('the attributes with VR DS that metadata give by reference', named(['DS']), [], { row: 'WADO-RS-6.5.6-26' });
        inlinePixels += document.attributes.filter(({ tag, content }) => tag === '7FE00010' && content.kind === 'inline').length;
      }
    }
    t.record('the VRs of the attributes that metadata give by reference', [...vrs].sort().join(', ') || 'none');
    t.record('pixel data that metadata give inline', inlinePixels > 0 ? `in ${inlinePixels} documents` : 'never');
  },
});

// PS3.19-2013 Table A.1.5-1: a document is a data set, and PS3.10-2013 7.1: group 2 belongs to the file.
export const fileMeta = check({
  id: 'wado-rs/metadata-content/no-file-meta-information',
  title: 'Metadata have no attributes of group 0002',
  requires: ['WADO-RS-6.5.6-21'],
  given: { studies: held },
  fault: on(
    metadata,
    sendsText(text =>
      text.replaceAll(
        /(<NativeDicomModel[^>]*>)/g,
        '$1<DicomAttribute tag="00020010" keyword="TransferSyntaxUID" vr="UI"><Value number="1">1.2.840.10008.1.2.1</Value></DicomAttribute>',
      ),
    ),
  ),
  async run(t, { studies }) {
    for (const study of studies.slice(0, most)) {
      const found = (await documents(t, pathOf(study))).flatMap(({ attributes }) => attributes.filter(({ tag }) => tag.startsWith('0002')));
      t.expect('the attributes of group 0002 in metadata', [...new Set(found.map(({ tag }) => nameOf(tag)))], []);
    }
  },
});

/** What no change of transfer syntax without loss touches. */
const always = ['Rows', 'Columns', 'NumberOfFrames', 'SamplesPerPixel', 'BitsStored', 'LossyImageCompression'];
/** What depends on how the pixels are encoded. */
const asStored = ['PhotometricInterpretation'];

// 6.5.6.2.1, note: the metadata describe the data as they are held.
export const asHeld = check({
  id: 'wado-rs/metadata-content/of-the-images-as-they-are-held',
  title: 'Metadata describe the pixels of the object that is retrieved',
  requires: ['WADO-RS-6.5.6-16'],
  given: { multi: fixture('multi-frame'), colour: fixture('colour') },
  fault: on(
    metadata,
    sendsText(text => text.replaceAll(/(tag="00280010"[^>]*>\s*<Value number="1">)\d+/g, '$164')),
  ),
  async run(t, given) {
    for (const study of Object.values(given)) {
      const described = await documents(t, pathOf(study));
      for (const image of imagesOf(study)) {
        const document = described.find(({ sopInstanceUID }) => sopInstanceUID === image.sopInstanceUID);
        const [object] = await objects(t, instancePath(image));
        if (!document || !object) continue;
        const compared = object.transferSyntax === image.transferSyntax ? [...always, ...asStored] : always;
        for (const keyword of compared) {
          const form = document.attributes.find(({ tag }) => tag === tagOf(keyword))?.content.kind;
          // A number may be given by reference or as inline binary, too.
          if (form === 'reference' || form === 'inline') continue;
          const [told, held] = [valueIn(document.attributes, keyword), textIn(object.dataSet, keyword).trim()];
          // PS3.5-2013 6.2: a number may be written with a sign and with zeros in front.
          const same = keyword.startsWith('Lossy') ? told === held : sameValue('IS', held, told);
          // 6.5.6.2.1: colours are described as they are held, which may be in a compressed transfer syntax.
          const coloursBoth = [told, held].every(each => /^(RGB|YBR_\w+)$/.test(each));
          t.expect(`${nameOf(tagOf(keyword))} in the metadata of an image`, same || coloursBoth ? held : told, held);
        }
      }
    }
  },
});
