import { pictureSize } from '../../fixtures/corpus/rendering.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { Given } from '../harness/given.ts';
import { Skip } from '../harness/outcome.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { fixture } from './givens/fixture.ts';
import { frameShape } from './pixels.ts';
import { Unreadable } from './read/defect.ts';
import { readPart10 } from './read/part10.ts';
import { type Picture, readPicture } from './read/picture.ts';
import { type InstanceUids, someStudies } from './retrieve.ts';
import { askUri, fetchedUri, instanceNamed, type UriObject, type UriTelling, under, uriType } from './uri.ts';
import { type UriParameters, uriQuery } from './uri-query.ts';

/** A single-frame image with square pixels. */
export interface UriImage extends UriObject {
  readonly rows: number;
  readonly columns: number;
}

const mostLookedAt = 8;
const smallest = 64;

/** The ramp of the fixtures, or some single-frame image with square pixels that the target holds: for what does not depend on what is shown. */
export const anyImage: Given<UriImage> = {
  key: 'any image by URI',
  async provide(t) {
    try {
      const ramp = instanceNamed(await t.given(fixture('rendering')), 'ramp');
      return { ...ramp, ...pictureSize };
    } catch (error) {
      if (!(error instanceof Skip)) throw error;
      const why = error.message;
      const studies = await t.given(someStudies);
      const candidates = studies.flatMap(({ studyInstanceUID, series }) =>
        series.map(each => ({
          studyInstanceUID,
          seriesInstanceUID: each.seriesInstanceUID,
          sopInstanceUID: each.sopInstanceUIDs[0] ?? '',
        })),
      );
      for (const uids of candidates.slice(0, mostLookedAt)) {
        const size = await sizeOfImage(t, uids);
        if (size) return { ...uids, ...size, name: 'some image' };
      }
      return t.skip(why);
    }
  },
};

/** Rows and columns of an object that is a single-frame image with square pixels; null for others. */
async function sizeOfImage(t: Trial, uids: InstanceUids): Promise<{ readonly rows: number; readonly columns: number } | null> {
  const exchange = await askUri(t, uriQuery(uids, { contentType: 'application/dicom' }));
  if (exchange.response.status !== 200) return null;
  try {
    const { dataSet } = readPart10(exchange.response.body).value;
    const shape = frameShape(dataSet);
    const isSquare = ['PixelSpacing', 'ImagerPixelSpacing', 'PixelAspectRatio'].every(keyword => {
      const element = dataSet.get(tagOf(keyword));
      const [down, across] = element && 'values' in element ? element.values.map(Number) : [];
      return down === across;
    });
    return shape && shape.frames === 1 && isSquare && Math.min(shape.rows, shape.columns) >= smallest ? shape : null;
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/** The media type in which the target gives pictures without loss where it can, image/jpeg otherwise. */
export const pictureType: Given<'image/png' | 'image/jpeg'> = {
  key: 'media type of pictures',
  async provide(t) {
    const exchange = await askUri(t, uriQuery(await t.given(anyImage), { contentType: 'image/png' }));
    return uriType(exchange) === 'image/png' ? 'image/png' : 'image/jpeg';
  },
};

/** Asks for a picture, expects 200 and decodes it. */
export async function pictureBy(t: Trial, of: UriObject, parameters: UriParameters = {}, telling: UriTelling = {}): Promise<Picture> {
  const exchange = await fetchedUri(t, of, { contentType: await t.given(pictureType), ...parameters }, telling);
  return decoded(t, exchange, telling.row);
}

/** Asks for a picture; null where the request is refused or fails. */
export async function pictureOrNull(t: Trial, of: UriObject, parameters: UriParameters = {}): Promise<Picture | null> {
  const exchange = await askUri(t, uriQuery(of, { contentType: await t.given(pictureType), ...parameters }));
  if (exchange.response.status !== 200) return null;
  return readPicture(exchange.response.body).catch(() => null);
}

/** The picture of a successful answer; what cannot be decoded is an unmet expectation. */
export async function decoded(t: Trial, { response }: Exchange, row?: RequirementId): Promise<Picture> {
  try {
    return await readPicture(response.body);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect('the picture', error.message, 'one that can be decoded', under(row));
    return t.skip(error.message);
  }
}
