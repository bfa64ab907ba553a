import { check } from '../harness/check.ts';
import { TransportTrouble } from '../harness/outcome.ts';
import { isOwn } from '../harness/target.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { valueIn } from '../kit/documents.ts';
import { missing, ways } from '../kit/kept.ts';
import { acceptDicom } from '../kit/media.ts';
import { textIn } from '../kit/objects.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { readPart10 } from '../kit/read/part10.ts';
import { ask, instancePath, partsOf } from '../kit/retrieve.ts';
import { postGood } from '../kit/store-outcomes.ts';
import { namesOf } from '../kit/stored.ts';
import { anyStatus } from './module.ts';

/** GETs a URL that the module printed; one that nobody answers is told in words, since then it is the URL that is wrong. */
async function follow(t: Trial, url: string): Promise<Exchange | string> {
  try {
    return await ask(t, url, /[?&]requestType=WADO/i.test(url) ? 'application/dicom' : acceptDicom);
  } catch (error) {
    if (error instanceof TransportTrouble && !isOwn(t.target, url)) return `no answer from ${new URL(url).host}`;
    throw error;
  }
}

/** The SOP Instance UIDs of the DICOM objects that an URL leads to, or in words what came instead. PS3.5-2014b 6.2: a UR may be relative; of a UT nothing is said. */
async function uidsAt(t: Trial, url: string, { request }: Exchange): Promise<readonly string[] | string> {
  if (!URL.canParse(url, request.url)) return `the value "${url.slice(0, 60)}", which is no URL`;
  const exchange = await follow(t, new URL(url, request.url).href);
  if (typeof exchange === 'string') return exchange;
  if (![200, 206].includes(exchange.response.status)) return `status ${exchange.response.status}`;
  try {
    return partsOf(t, exchange).map(part => textIn(readPart10(part.body).value.dataSet, 'SOPInstanceUID'));
  } catch (error) {
    if (error instanceof Unreadable) return 'something else than DICOM objects';
    throw error;
  }
}

/** PS3.18-2013 6.6.1.3.2.2: the example breaks lines within a URL, so white space in it means nothing. */
const urlIn = (attributes: Parameters<typeof valueIn>[0]): string => valueIn(attributes, 'RetrieveURL').replaceAll(/\s/g, '');

// PS3.18-2013 Table 6.6.1-2: the URL of WADO-RS RetrieveStudy.
export const study = check({
  id: 'stow-rs/retrieve-urls/of-the-study',
  title: 'A Retrieve URL at the top of the response module leads to the study',
  requires: ['STOW-RS-6.6.1.3.2-05'],
  given: { ways },
  writes: true,
  // Seen in the field: a URL with "null" in it.
  fault: anyStatus(text => text.replace(/(<DicomAttribute [^>]*00081190[^>]*>\s*<Value[^>]*>[^<]*\/studies\/)[0-9.]+(\s*<)/g, '$1null$2')),
  async run(t, { ways: known }) {
    const { answer, good } = await postGood(t);
    const stored = good.filter(each => namesOf([each], answer.stored).length > 0);
    const url = answer.module && stored.length > 0 ? urlIn(answer.module) : '';
    if (url === '') t.skip('the response module has no URL of the study, which is allowed');
    if (!known.includes('retrieve')) t.skip('the target has no WADO-RS');
    await missing(t, stored);
    const got = await uidsAt(t, url, answer.exchange);
    const all = 'the objects of the study';
    const seen =
      typeof got === 'string'
        ? got
        : stored.every(({ sopInstanceUID }) => got.includes(sopInstanceUID))
          ? all
          : `${got.length} objects, not all of the study`;
    t.expect('what the Retrieve URL (0008,1190) of the study leads to', seen, all);
  },
});

// Table 6.6.1-2: the URL of the instance, by WADO-URI or WADO-RS; from 2014b by WADO-RS.
export const instances = check({
  id: 'stow-rs/retrieve-urls/of-each-instance',
  title: 'The Retrieve URL of each stored instance leads to that instance',
  requires: ['STOW-RS-6.6.1.3.2-21', 'STOW-RS-6.6.1.3.2-22'],
  given: { ways },
  writes: true,
  // The URL of the study in place of that of the instance.
  fault: anyStatus(text => text.replaceAll(/\/series\/[0-9.]+\/instances\/[0-9.]+(?=\s*<)/g, '')),
  async run(t, { ways: known }) {
    const { answer, good } = await postGood(t);
    const listed = answer.stored.flatMap(item => {
      const url = urlIn(item.attributes);
      const instance = good.find(each => each.sopInstanceUID === item.sopInstanceUID);
      return url !== '' && instance ? [{ url, instance }] : [];
    });
    if (listed.length === 0) t.skip('the response module has no URLs of instances, which is allowed');
    if (!known.includes('retrieve') && !listed.some(({ url }) => /requestType=WADO/i.test(url))) t.skip('the target has no WADO-RS');
    await missing(t, good);
    for (const { url, instance } of listed) {
      t.record(
        'the URL of an instance',
        /requestType=WADO/i.test(url)
          ? 'by WADO-URI'
          : url.endsWith(instancePath(instance))
            ? 'made of study, series and instance'
            : 'of another form',
      );
      const got = await uidsAt(t, url, answer.exchange);
      const wanted = 'that instance alone';
      const seen =
        typeof got === 'string' ? got : got.length === 1 && got[0] === instance.sopInstanceUID ? wanted : `${got.length} objects`;
      t.expect('what the Retrieve URL (0008,1190) of a stored instance leads to', seen, wanted);
    }
  },
});
