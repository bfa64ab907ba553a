import type { Given } from '../harness/given.ts';
import { TransportTrouble } from '../harness/outcome.ts';
import { isOwn } from '../harness/target.ts';
import type { Trial } from '../harness/trial.ts';
import { type Attributes, nameOf } from './compare.ts';
import { documents } from './documents.ts';
import { ask, studiesAtHand, studyPath } from './retrieve.ts';

/** A place in metadata that refers to bulk data. */
export interface BulkReference {
  /** The URL as it is printed, and resolved against that of the metadata. */
  readonly printed: string;
  readonly url: string;
  readonly vr: string;
  /** The attribute, with the sequences and items it lies in: `00880200[1].7FE00010`. */
  readonly path: string;
  readonly tag: string;
  /** The same in words. */
  readonly name: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
}

/** All references to bulk data in the metadata of a study. */
export async function referencesOf(t: Trial, study: { readonly studyInstanceUID: string }): Promise<readonly BulkReference[]> {
  const found = await documents(t, `${studyPath(study)}/metadata`, { row: 'WADO-RS-6.5.6-01' });
  return found.flatMap(({ attributes, sopInstanceUID, seriesInstanceUID, url }) =>
    references(attributes).map(reference => ({
      ...reference,
      url: new URL(reference.printed, url).href,
      sopInstanceUID,
      seriesInstanceUID,
    })),
  );
}

type Found = Pick<BulkReference, 'printed' | 'vr' | 'path' | 'tag' | 'name'>;

function references(attributes: Attributes, within = '', words = ''): readonly Found[] {
  return attributes.flatMap(({ tag, vr, content }): readonly Found[] => {
    const [path, name] = [`${within}${tag}`, `${words}${nameOf(tag)}`];
    if (content.kind === 'items')
      return content.items.flatMap((item, i) => references(item, `${path}[${i + 1}].`, `${name} item ${i + 1} `));
    return content.kind === 'reference' ? [{ printed: content.uri, vr, path, tag, name }] : [];
  });
}

/** RFC 2616 3.2.3 with RFC 2396 2.3: an unreserved character may be written with an escape, and the digits of escapes in any case. */
export function sameUrl(one: string | null, other: string): boolean {
  const normal = (url: string) =>
    url.replaceAll(/%[0-9A-Fa-f]{2}/g, escaped => {
      const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
      return /[\w\-.!~*'()]/.test(character) ? character : escaped.toUpperCase();
    });
  return one !== null && normal(one) === normal(other);
}

/** References to bulk data in the metadata of what the target holds, one of each kind of attribute first. */
export const bulkReferences: Given<readonly BulkReference[]> = {
  key: 'bulk data references',
  async provide(t) {
    const studies = await t.given(studiesAtHand('ct', 'mixed'));
    const all = (await Promise.all(studies.slice(0, 6).map(study => referencesOf(t, study)))).flat();
    if (all.length === 0) t.skip('the metadata of the target refer to no bulk data: everything in them is inline');
    const firsts = [...new Map(all.map(reference => [reference.path.replaceAll(/\[\d+\]/g, ''), reference])).values()];
    return [...firsts, ...all.filter(reference => !firsts.includes(reference))];
  },
};

/** The status for a bulk data URL; an URL that nobody answers is told in words, since then it is the URL that is wrong. */
export async function retrieveBulk(t: Trial, url: string, accept: string): Promise<number | string> {
  try {
    return (await ask(t, url, accept)).response.status;
  } catch (error) {
    if (error instanceof TransportTrouble && !isOwn(t.target, url)) return `no answer from ${new URL(url).host}`;
    throw error;
  }
}
