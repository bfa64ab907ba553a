import { studyNamed } from '../../fixtures/corpus.ts';
import {
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  rleLossless,
  transferSyntax,
} from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { noneOf } from '../harness/expected.ts';
import { answers, on, sendsBytes } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { areTheFrames, nativeFrames } from '../kit/pixels.ts';
import { askUri, dicomBy, instanceNamed, readObject } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const asDicom = /contentType=application%2Fdicom/;
const nameOf = (uid: string) => transferSyntax(uid)?.name ?? uid;

/** A server that streams the stored file of an instance back as it is. */
const streamsBack = (name: string) => {
  const stored = instanceNamed(studyNamed('transfer-syntaxes'), name);
  return on(
    request => request.url.includes(stored.sopInstanceUID),
    answers(() => new Response(stored.part10(), { headers: { 'Content-Type': 'application/dicom' } })),
  );
};

// PS3.18-2013 6.3.1.3 and 8.2.11: without transferSyntax it is Explicit VR Little Endian.
export const byDefault = check({
  id: 'wado-uri/transfer-syntax/explicit-little-endian-by-default',
  title: 'Without transferSyntax a DICOM object comes in Explicit VR Little Endian, whatever it is stored in',
  requires: ['WADO-URI-6.3.1.3-01'],
  given: { ct: fixture('ct'), several: fixture('transfer-syntaxes') },
  fault: streamsBack('deflated'),
  async run(t, { ct, several }) {
    for (const of of [instanceNamed(ct, 'slice-1'), ...several.instances]) {
      const { transferSyntax: uid } = await dicomBy(t, of);
      t.expect(`the transfer syntax of an object stored in ${nameOf(of.transferSyntax)}`, uid, explicitLittleEndian);
    }
  },
});

const lastByteChanged = (body: Buffer) => {
  const changed = Buffer.from(body);
  changed[changed.length - 1] = 0xff ^ (changed.at(-1) ?? 0);
  return changed;
};

// 6.3.1.3: uncompressed.
export const decompressed = check({
  id: 'wado-uri/transfer-syntax/compressed-images-are-decompressed',
  title: 'An image that is stored compressed without loss comes uncompressed with its original pixels',
  requires: ['WADO-URI-6.3.1.3-02'],
  given: { several: fixture('transfer-syntaxes'), fragments: fixture('fragments') },
  fault: on(asDicom, sendsBytes(lastByteChanged)),
  async run(t, { several, fragments }) {
    for (const of of [...several.instances.filter(each => each.transferSyntax === rleLossless), ...fragments.instances]) {
      const { dataSet, transferSyntax: uid } = await dicomBy(t, of);
      if (uid !== explicitLittleEndian) {
        t.expect(`that "${of.name}", stored in ${nameOf(of.transferSyntax)}, comes in`, nameOf(uid), nameOf(explicitLittleEndian));
        continue;
      }
      t.expect(`that "${of.name}" has the original pixels`, areTheFrames(nativeFrames(dataSet, uid), of), true);
    }
  },
});

// PS3.10-2013 7.1: the data set is in the transfer syntax that the File Meta Information names.
export const asStated = check({
  id: 'wado-uri/transfer-syntax/the-one-that-is-stated',
  title: 'The data set is encoded in the transfer syntax that the File Meta Information states',
  requires: ['WADO-URI-6.3.1.3-03'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(
    asDicom,
    sendsBytes(body => Buffer.from(body.toString('latin1').replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.2\0'), 'latin1')),
  ),
  async run(t, { several }) {
    for (const of of several.instances) {
      const { dataSet, transferSyntax: uid } = await dicomBy(t, of);
      if (transferSyntax(uid)?.encapsulated) continue;
      t.expect(
        `that the data set of "${of.name}" is in ${nameOf(uid)}, with the original pixels`,
        areTheFrames(nativeFrames(dataSet, uid), of),
        true,
      );
    }
  },
});

// 8.2.11: neither Implicit VR nor Big Endian, not even when it is asked for.
export const neverImplicit = check({
  id: 'wado-uri/transfer-syntax/never-implicit-vr',
  title: 'Implicit VR Little Endian is never used',
  requires: ['WADO-URI-6.3.1.3-04'],
  given: { several: fixture('transfer-syntaxes') },
  fault: streamsBack('implicit-little-endian'),
  async run(t, { several }) {
    const of = instanceNamed(several, 'implicit-little-endian');
    for (const more of [{}, { transferSyntax: implicitLittleEndian }]) {
      const exchange = await askUri(t, uriQuery(of, { contentType: 'application/dicom', ...more }));
      if (exchange.response.status !== 200) {
        t.record('an object stored in Implicit VR, asked for so', `status ${exchange.response.status}`);
        continue;
      }
      t.expect(
        'the transfer syntax of an object stored in Implicit VR',
        readObject(t, exchange).transferSyntax,
        noneOf(implicitLittleEndian),
      );
    }
  },
});

export const neverBigEndian = check({
  id: 'wado-uri/transfer-syntax/never-big-endian',
  title: 'Explicit VR Big Endian is never used',
  requires: ['WADO-URI-6.3.1.3-05'],
  given: { several: fixture('transfer-syntaxes') },
  fault: streamsBack('big-endian'),
  async run(t, { several }) {
    const of = instanceNamed(several, 'big-endian');
    for (const more of [{}, { transferSyntax: explicitBigEndian }]) {
      const exchange = await askUri(t, uriQuery(of, { contentType: 'application/dicom', ...more }));
      if (exchange.response.status !== 200) {
        t.record('an object stored in Big Endian, asked for so', `status ${exchange.response.status}`);
        continue;
      }
      t.expect('the transfer syntax of an object stored in Big Endian', readObject(t, exchange).transferSyntax, noneOf(explicitBigEndian));
    }
  },
});
