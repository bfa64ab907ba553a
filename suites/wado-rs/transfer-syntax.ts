import { check } from '../harness/check.ts';
import { hearsHeaders, on, sendsParts, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom } from '../kit/media.ts';
import { objects, objectsOf } from '../kit/objects.ts';
import { framesOf, imagesOf, nativeFrames } from '../kit/pixels.ts';
import { anyInstance, ask, instancePath } from '../kit/retrieve.ts';

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const named = (uid: string) => `${acceptDicom}; transfer-syntax=${uid}`;
const names = (request: Request) => /transfer-syntax/.test(request.headers.get('Accept') ?? '');

// PS3.18-2013 6.5.1.1: what the server sends of its own choice it can send when it is asked for by name.
export const byName = check({
  id: 'wado-rs/transfer-syntax/what-is-sent-unasked-can-be-named',
  title: 'The transfer syntax that is sent unasked is sent when it is named',
  requires: ['WADO-RS-6.5-ACC-05', 'WADO-RS-6.5-06', 'WADO-RS-6.5.1-17'],
  given: { any: anyInstance, several: fixture('transfer-syntaxes') },
  fault: on(names, status(406)),
  async run(t, { any, several }) {
    for (const path of [any.instancePath, ...imagesOf(several).map(instancePath)]) {
      const [unasked] = await objects(t, path);
      if (!unasked?.transferSyntax) continue;
      const exchange = await ask(t, path, named(unasked.transferSyntax));
      t.expect(`the status for ${unasked.transferSyntax}, which was sent unasked`, exchange.response.status, 200);
      const sent = objectsOf(t, exchange).map(object => object.transferSyntax);
      t.expect(`the transfer syntax that is sent for ${unasked.transferSyntax}`, sent, [unasked.transferSyntax], { row: 'WADO-RS-6.5-06' });
    }
  },
});

const asked = ['1.2.840.10008.1.2', explicitLittleEndian, '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.5'];

export const asAsked = check({
  id: 'wado-rs/transfer-syntax/as-asked-or-refused',
  title: 'An object comes in the transfer syntax that was asked for, or not at all',
  requires: ['WADO-RS-6.5-06'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(names, hearsHeaders({ Accept: acceptDicom })),
  async run(t, { several }) {
    for (const image of imagesOf(several)) {
      for (const uid of asked) {
        const exchange = await ask(t, instancePath(image), named(uid));
        t.record(`the status for an object stored in ${image.transferSyntax}, asked for in ${uid}`, String(exchange.response.status));
        if (exchange.response.status !== 200) continue;
        const sent = objectsOf(t, exchange).map(object => object.transferSyntax);
        t.expect(`the transfer syntax of an object stored in ${image.transferSyntax}, asked for in ${uid}`, sent, [uid]);
      }
    }
  },
});

function lastByteChanged(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  changed[changed.length - 1] = 1 ^ (changed.at(-1) ?? 0);
  return changed;
}

// PS3.5-2013 8 and A: uncompressed and lossless transfer syntaxes are forms of the same pixels.
export const samePixels = check({
  id: 'wado-rs/transfer-syntax/the-same-pixels',
  title: 'An object has the same pixels in every lossless transfer syntax',
  requires: ['WADO-RS-6.5.3-14'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(
    names,
    sendsParts(parts => parts.map(part => ({ ...part, body: lastByteChanged(part.body) }))),
  ),
  async run(t, { several }) {
    for (const image of imagesOf(several)) {
      const stored = framesOf(image);
      if (!stored) continue;
      for (const uid of asked) {
        const exchange = await ask(t, instancePath(image), named(uid));
        if (exchange.response.status !== 200) continue;
        for (const { dataSet, transferSyntax } of objectsOf(t, exchange)) {
          const sent = dataSet && nativeFrames(dataSet, transferSyntax);
          if (sent) t.expect(`the pixels of an object stored in ${image.transferSyntax}, asked for in ${uid}`, sent, stored);
        }
      }
    }
    t.record('transfer syntaxes asked for', asked.join(', '));
  },
});

// 6.5: Explicit VR Little Endian by default; 6.5.1.1: the server chooses. The two clauses disagree, so this only warns.
export const byDefault = check({
  id: 'wado-rs/transfer-syntax/explicit-little-endian-by-default',
  title: 'Without transfer-syntax an object comes in Explicit VR Little Endian, where the server can do that',
  requires: ['WADO-RS-6.5-07'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(request => !names(request), hearsHeaders({ Accept: named('1.2.840.10008.1.2.5') })),
  async run(t, { several }) {
    for (const image of imagesOf(several)) {
      const exchange = await ask(t, instancePath(image), named(explicitLittleEndian));
      if (exchange.response.status !== 200) continue;
      const sent = (await objects(t, instancePath(image))).map(object => object.transferSyntax);
      t.expect(`the transfer syntax of an object stored in ${image.transferSyntax}, when none is asked for`, sent, [explicitLittleEndian]);
    }
    t.record('the transfer syntax when none is asked for', 'free in 6.5.1.1, Explicit VR Little Endian in 6.5');
  },
});
