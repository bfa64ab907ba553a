import { writePart10 } from '../../fixtures/part10/write.ts';
import type { DataSet, Element } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { asOf, type Edition } from '../../schemas/editions.ts';
import { compressedMediaTypes, mediaTypesOf, transferSyntaxOf, uncompressedBulkDataType } from '../../schemas/media-types.ts';
import { explicitLittleEndian, transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import { documentsOfJson, fromJsonModel } from '../dicom/json-model-read.ts';
import { MalformedModel, type ModelContext } from '../dicom/model-values.ts';
import { fromNativeXml } from '../dicom/native-xml-read.ts';
import { elementOfBytes } from '../dicom/part10-values.ts';
import type { Octets } from '../storage/octets.ts';
import { failureReasons } from './store-policy.ts';
import type { Outcome } from './stow.ts';

/** A part of metadata, with the transfer syntax that its Content-Type names. */
export interface MetadataPart {
  readonly form: 'xml' | 'json';
  readonly document: Uint8Array;
  readonly transferSyntax: string | undefined;
}

/** A part of bulk data. */
export interface BulkPart {
  /** Content-Location, made absolute. */
  readonly location: string;
  readonly mediaType: string;
  readonly transferSyntax: string | undefined;
  readonly octets: Octets;
}

export interface Assembling {
  readonly metadata: readonly MetadataPart[];
  readonly bulk: readonly BulkPart[];
  readonly edition: Edition;
  /** Makes a bulk data URI absolute. */
  readonly absolute: (uri: string) => string;
}

/** A message of which nothing may be stored. */
export class InvalidMessage extends Error {}

/** An instance as a PS3.10 file, or what is wrong with it. */
export type Assembled = { readonly file: Uint8Array } | { readonly outcome: Outcome };

const pixelData = tagOf('PixelData');
const characterSet = tagOf('SpecificCharacterSet');
/** An instance of metadata and bulk data is put together in memory. */
const largestInstance = 1024 ** 3;

/**
 * PS3.18-2013 6.6.1.1.2: the instances of a message of metadata and bulk data, linked by Content-Location. Throws InvalidMessage when a document is none of its model, or
 * when the bulk data parts are not one for each distinct URI.
 */
export function assembled({ metadata, bulk, edition, absolute }: Assembling): readonly Assembled[] {
  const parts = new Map(bulk.map(part => [part.location, part]));
  if (parts.size < bulk.length) throw new InvalidMessage('Two bulk data parts have the same Content-Location.');
  const used = new Set<string>();
  const instances = metadata.flatMap(({ form, document, transferSyntax: syntax }): Assembled[] => {
    const read = (make: (context: ModelContext) => DataSet) => instanceOf(make, syntax, { parts, used, edition, absolute });
    try {
      if (form === 'xml') return [read(context => fromNativeXml(document, context))];
      return documentsOfJson(document).map(object => read(context => fromJsonModel(object, context)));
    } catch (error) {
      if (error instanceof MalformedModel) throw new InvalidMessage(`The metadata cannot be used: ${error.message}.`);
      throw error;
    }
  });
  const lost = [...used].find(uri => !parts.has(uri));
  if (lost !== undefined) throw new InvalidMessage(`No part has the Content-Location ${lost}, which the metadata name.`);
  const orphan = bulk.find(({ location }) => !used.has(location));
  if (orphan) throw new InvalidMessage(`The metadata do not name the bulk data part with Content-Location ${orphan.location}.`);
  return instances;
}

interface Surroundings {
  readonly parts: ReadonlyMap<string, BulkPart>;
  readonly used: Set<string>;
  readonly edition: Edition;
  readonly absolute: (uri: string) => string;
}

function instanceOf(make: (context: ModelContext) => DataSet, named: string | undefined, around: Surroundings): Assembled {
  const problems: string[] = [];
  let compressed: BulkPart | undefined;
  let size = 0;
  const dataSet = make({
    problems,
    bulk(uri, tag, vr, top, terms) {
      const key = around.absolute(uri);
      around.used.add(key);
      const part = around.parts.get(key);
      size += part?.octets.length ?? 0;
      if (!part || size > largestInstance) return null;
      const bytes = part.octets.slice(0, part.octets.length);
      if (part.mediaType === uncompressedBulkDataType) return elementOfBytes(vr, even(bytes), terms);
      if (!top || tag !== pixelData) {
        problems.push(`the value of ${tag} is of the type ${part.mediaType}`);
        return null;
      }
      compressed = part;
      return { vr: 'OB', offsets: [], fragments: [bytes] };
    },
  });
  const failed = (reason: number, why: string): Assembled => ({ outcome: failure(dataSet, reason, why) });
  if (size > largestInstance) return failed(failureReasons.outOfResources, 'an instance of metadata and bulk data may have 1 GiB');
  if (problems.length > 0) return failed(failureReasons.cannotUnderstand, problems.slice(0, 3).join('; '));
  const syntax = syntaxOf(dataSet, compressed, named, around.edition);
  if (typeof syntax !== 'string') return failed(...syntax);
  try {
    return { file: written(dataSet, syntax) };
  } catch (error) {
    return failed(failureReasons.cannotUnderstand, error instanceof Error ? error.message : String(error));
  }
}

/** Table 6.5-1: the transfer syntax of the object, which the type of the pixel data decides where they are compressed. */
function syntaxOf(
  dataSet: DataSet,
  compressed: BulkPart | undefined,
  named: string | undefined,
  edition: Edition,
): string | readonly [reason: number, why: string] {
  const known = named === undefined ? undefined : transferSyntax(named);
  if (named !== undefined && !known) return [failureReasons.transferSyntaxNotSupported, `the transfer syntax ${named} is not known`];
  if (!compressed) {
    if (known?.encapsulated && dataSet.has(pixelData))
      return [failureReasons.cannotUnderstand, `the pixel data are uncompressed and the metadata name ${known.uid}`];
    return known && !known.encapsulated ? known.uid : explicitLittleEndian;
  }
  const { mediaType, transferSyntax: parameter } = compressed;
  const hint = mediaTypesOf(named ?? '', edition).some(row => row.mediaType === mediaType) ? named : undefined;
  const uid = transferSyntaxOf(mediaType, parameter ?? hint, edition);
  if (uid === undefined)
    return [failureReasons.transferSyntaxNotSupported, `${mediaType}${parameter ? `; transfer-syntax=${parameter}` : ''} is not supported`];
  const rows = (asOf(compressedMediaTypes, edition) ?? []).filter(row => row.mediaType === mediaType && row.transferSyntax === uid);
  const frames = numberIn(dataSet, 'NumberOfFrames') ?? 1;
  // 6.6: a single-frame media type holds one frame, so it cannot hold an object of several.
  if (frames > 1 && rows.every(row => row.frames === 'single'))
    return [failureReasons.doesNotFitItsClass, `${mediaType} holds one frame and the image has ${frames}`];
  const head = Buffer.from(compressed.octets.slice(0, 8)).toString('latin1');
  // The note of Table 6.5-1: the code stream alone, without the wrapper of a jp2 file.
  if (head.startsWith('\0\0\0\x0cjP')) return [failureReasons.cannotUnderstand, 'the pixel data are a JP2 file, not a bare code stream'];
  return uid;
}

/** In the character set that the metadata name, or in UTF-8 where that lacks a character. */
function written(dataSet: DataSet, syntax: string): Uint8Array {
  try {
    return writePart10(dataSet, { transferSyntax: syntax });
  } catch {
    const unicode: Element = { vr: 'CS', values: ['ISO_IR 192'] };
    return writePart10(new Map([...dataSet, [characterSet, unicode] as const].sort(([a], [b]) => (a < b ? -1 : 1))), {
      transferSyntax: syntax,
    });
  }
}

function failure(dataSet: DataSet, reason: number, why: string): Outcome {
  const [sopClassUID, sopInstanceUID] = [textIn(dataSet, 'SOPClassUID'), textIn(dataSet, 'SOPInstanceUID')];
  if (sopClassUID === '' || sopInstanceUID === '') return { kind: 'unreadable', why };
  return { kind: 'failed', sopClassUID, sopInstanceUID, reason, why };
}

function textIn(dataSet: DataSet, keyword: string): string {
  const element = dataSet.get(tagOf(keyword));
  return element && 'values' in element ? String(element.values[0] ?? '') : '';
}

function numberIn(dataSet: DataSet, keyword: string): number | undefined {
  const text = textIn(dataSet, keyword);
  return text === '' ? undefined : Number(text);
}

const even = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]));
