import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { mediaTypesOf } from '../../schemas/media-types.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { decodeFrame, losslessStreams, nearness } from './decode.ts';
import { frameShape } from './pixels.ts';
import { isStreamOf, streamInWords, streamOf } from './read/stream.ts';
import { ask, type Part, partsOf } from './retrieve.ts';

/** The media type of Table 6.5-1 for a transfer syntax in the edition of the trial. */
export function mediaTypeFor(t: Trial, uid: string): string {
  return mediaTypesOf(uid, t.edition)[0]?.mediaType ?? '';
}

/** The Accept value for a media type of Table 6.5-1, with the transfer syntax named or left to what the bare type stands for. */
export const acceptStream = (mediaType: string, uid?: string): string =>
  `multipart/related; type="${mediaType}"${uid === undefined ? '' : `; transfer-syntax=${uid}`}`;

/** The parts for a media type; null where the target does not offer it, which is no matter of Table 6.5-1. */
export async function streams(
  t: Trial,
  to: string,
  accept: string,
  row: RequirementId,
): Promise<{ readonly exchange: Exchange; readonly parts: readonly Part[] } | null> {
  const exchange = await ask(t, to, accept);
  const { status } = exchange.response;
  // Which status refuses a media type is judged where refusals are judged.
  if ([400, 406, 415, 501].includes(status)) return null;
  t.expect(
    `the status for Accept: ${accept}`,
    status,
    satisfying('200, 206 or 406', (code: number) => code === 200 || code === 206),
    { row },
  );
  return { exchange, parts: partsOf(t, exchange, { row }) };
}

/** The frames of a fixture before they were encoded. */
export const knownFrames = ({ nativeFrames, originalFrames }: FixtureInstance): readonly Uint8Array[] =>
  nativeFrames ?? originalFrames ?? [];

/** How near a stream with loss has to come; no rule says how much may be lost, so it only has to be the image. */
const nearEnough = 20;
const part2: readonly string[] = ['1.2.840.10008.1.2.4.92', '1.2.840.10008.1.2.4.93'];

/** Expects a part to be a stream of the transfer syntax, named as that if it is named at all, that decodes to the known frame. */
export async function expectStream(
  t: Trial,
  what: string,
  part: Part,
  {
    uid,
    image,
    known,
    row,
    pixelRow = row,
  }: {
    readonly uid: string;
    readonly image: FixtureInstance;
    readonly known: Uint8Array | undefined;
    readonly row: RequirementId;
    readonly pixelRow?: RequirementId;
  },
): Promise<void> {
  const stream = streamOf(part.body);
  t.expect(`the transfer-syntax on ${what}`, part.parameters.get('transfer-syntax') ?? uid, uid, { row });
  t.expect(
    what,
    streamInWords(stream),
    satisfying(`a stream of ${uid}`, () => isStreamOf(uid, stream)),
    { row },
  );
  const shape = frameShape(image.dataSet);
  // Streams of Part 2 may need what no decoder here has.
  if (!shape || !known || part2.includes(uid)) return;
  const decoded = await decodeFrame(part.body, shape);
  if (decoded === null) return;
  const stored = image.dataSet.get(tagOf('BitsStored'));
  const bits = stored && 'values' in stored ? Number(stored.values[0]) : shape.bitsAllocated;
  const exact = losslessStreams.includes(uid) && image.nativeFrames !== undefined;
  const distance = typeof decoded === 'string' ? decoded : nearness(decoded, known, shape, bits);
  t.expect(
    `the pixels of ${what}, as the distance to the known ones`,
    typeof distance === 'number' && Number.isFinite(distance)
      ? `${distance.toFixed(1)} dB`
      : distance === Number.POSITIVE_INFINITY
        ? 'none'
        : distance,
    satisfying(
      exact ? 'none' : `${nearEnough} dB or more`,
      () => typeof distance === 'number' && distance >= (exact ? Number.POSITIVE_INFINITY : nearEnough),
    ),
    { row: pixelRow },
  );
}

/** Whether two URLs name one resource, whichever characters are escaped; which host they name is left aside. */
export function samePath(one: string | null, other: string): boolean {
  const pathOf = (url: string) => {
    const { pathname, search } = new URL(url);
    return decodeURIComponent(pathname + search);
  };
  try {
    return one !== null && pathOf(one) === pathOf(other);
  } catch {
    return one === other;
  }
}

/** The parts whose Content-Location is the URL of a value, or that of frames of it. */
export const partsAt = (all: readonly Part[], url: string): readonly Part[] =>
  all.filter(
    ({ location }) => location !== null && samePath(location.replace(/\/frames\/[^/]*$/, ''), url.replace(/\/frames\/[^/]*$/, '')),
  );
