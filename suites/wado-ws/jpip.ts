import { fixtureInstance } from '../../fixtures/recipe.ts';
import type { Element } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { jpipSyntaxes } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsText, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { type Desk, retrieveDesk } from '../kit/givens/ws.ts';
import { textIn } from '../kit/objects.ts';
import type { InstanceUids } from '../kit/retrieve.ts';
import { freshStudy, store } from '../kit/stored.ts';
import { onRetrieve } from '../kit/ws-faults.ts';
import { retrieved, type WsObject } from '../kit/ws-objects.ts';

const urlKeyword = 'PixelDataProviderURL';

/** An image with a URL in place of its pixels, in a JPIP referenced transfer syntax; skips where the target has none. */
async function referenced(t: Trial, desk: Desk, instance: InstanceUids, uid: string): Promise<WsObject> {
  const object = await retrieved(t, desk, instance, { syntaxes: [uid], mayFail: true });
  const isReferenced =
    object && ((jpipSyntaxes as readonly string[]).includes(object.transferSyntax) || textIn(object.dataSet, urlKeyword) !== '');
  return object && isReferenced ? object : t.skip('the target delivers nothing in a JPIP referenced transfer syntax');
}

// PS3.18-2013 6.4.1.2.2.
export const syntax = check({
  id: 'wado-ws/jpip/the-transfer-syntax-is-the-one-asked-for',
  title: 'An object that is asked for in a JPIP referenced transfer syntax has that transfer syntax, a URL and no pixels',
  requires: ['WADO-WS-6.4.1.2.2-02', 'WADO-WS-6.4.1.2.2-03'],
  given: { desk: retrieveDesk, ct: fixture('ct') },
  fault: onRetrieve(hearsText(text => text.replaceAll('1.2.840.10008.1.2.4.95', '1.2.840.10008.1.2.4.94'))),
  async run(t, { desk, ct }) {
    const [instance] = ct.instances;
    if (!instance) return;
    for (const uid of jpipSyntaxes) {
      const { transferSyntax, dataSet } = await referenced(t, desk, instance, uid);
      t.expect('the transfer syntax of an object that is asked for as JPIP referenced', transferSyntax, uid);
      const form = { pixels: dataSet.has(tagOf('PixelData')), url: textIn(dataSet, urlKeyword) !== '' };
      t.expect('whether it has pixels and a URL', form, { pixels: false, url: true }, { row: 'WADO-WS-6.4.1.2.2-03' });
    }
  },
});

export const target = check({
  id: 'wado-ws/jpip/the-url-names-the-image',
  title: 'Pixel Data Provider URL is a request for the image itself',
  requires: ['WADO-WS-6.4.1.2.2-04'],
  given: { desk: retrieveDesk, ct: fixture('ct') },
  fault: onRetrieve(sendsText(text => text.replaceAll(/(target=)[\d.]+/g, (found, name: string) => name.padEnd(found.length, ' ')))),
  async run(t, { desk, ct }) {
    const urls: string[] = [];
    for (const instance of ct.instances.slice(0, 2)) {
      const { dataSet } = await referenced(t, desk, instance, jpipSyntaxes[0]);
      const url = textIn(dataSet, urlKeyword).trim();
      urls.push(url);
      const names = satisfying('a URL with a target in its path or query', (text: string) => {
        if (!URL.canParse(text)) return false;
        const { pathname, search } = new URL(text);
        return (pathname !== '/' && !/[?&]target=(&|$)/.test(search)) || /[?&]target=[^&]/.test(search);
      });
      t.expect('Pixel Data Provider URL', url, names);
    }
    t.expect('whether the URLs of two images differ', urls[0] !== urls[1], true);
  },
});

export const unchanged = check({
  id: 'wado-ws/jpip/what-is-stored-so-stays-so',
  title: 'An object that is stored in a JPIP referenced transfer syntax is returned unchanged in it',
  requires: ['WADO-WS-6.4.1.2.2-01'],
  given: { desk: retrieveDesk },
  writes: true,
  fault: onRetrieve(sendsText(text => text.replaceAll('conformance.invalid/', 'conformance.invalid?'))),
  async run(t, { desk }) {
    const [uid] = jpipSyntaxes;
    const [original] = (await freshStudy(t, 'ct', 1)).instances;
    if (!original) return;
    const url = 'http://jpip.conformance.invalid/image?target=1';
    const element: Element = { vr: 'UT', values: [url] };
    const changed = new Map([...original.dataSet].filter(([tag]) => tag !== tagOf('PixelData')));
    const dataSet = new Map([...changed.set(tagOf(urlKeyword), element)].sort(([a], [b]) => (a < b ? -1 : 1)));
    const instance = fixtureInstance('jpip', dataSet, { transferSyntax: uid });
    const { status, failed } = await store(t, [instance]);
    if (![200, 202].includes(status) || failed.length > 0) t.skip(`the target does not store JPIP referenced objects (status ${status})`);
    const object = await referenced(t, desk, instance, uid);
    if (object.transferSyntax !== uid) t.skip('the target delivers nothing in a JPIP referenced transfer syntax');
    t.expect('Pixel Data Provider URL of an object that is stored with one', textIn(object.dataSet, urlKeyword).trim(), url);
  },
});
