import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import { bulkReferences, retrieveBulk, sameUrl } from '../kit/bulk.ts';
import { on, sendsHeaders, sendsParts, status } from '../kit/faults.ts';
import { acceptOctets } from '../kit/media.ts';
import { ask, mediaTypeOf, partsOf } from '../kit/retrieve.ts';

const bulk = /\/bulk/;
const most = 12;

// PS3.18-2013 6.5.5: the URL from the metadata is the resource.
export const reachable = check({
  id: 'wado-rs/bulkdata/urls-of-the-metadata-can-be-retrieved',
  title: 'Each bulk data URL of the metadata can be retrieved',
  requires: ['WADO-RS-6.5.5-01', 'WADO-RS-6.5.6-14', 'WADO-RS-6.5.5-10'],
  given: { references: bulkReferences },
  fault: on(bulk, status(404)),
  async run(t, { references }) {
    for (const reference of references.slice(0, most)) {
      t.expect(
        'the bulk data URL of an attribute',
        reference.printed,
        satisfying('an absolute http or https URL', (url: string) => /^https?:\/\//i.test(url)),
        { row: 'WADO-RS-6.5.6-14' },
      );
      const got = await retrieveBulk(t, reference.url, acceptOctets);
      const pixels = reference.tag === '7FE00010';
      // Pixel data that is held only in lossy-compressed form need not be given as octets.
      t.expect(`the answer for the bulk data URL of ${reference.name}`, got, pixels ? anyOf(200, 206, 406) : anyOf(200, 206));
    }
  },
});

// 6.5.5.2.1: one single item, in multipart, labelled with its type and its URL.
export const oneItem = check({
  id: 'wado-rs/bulkdata/one-item',
  title: 'A bulk data URL yields one item',
  requires: ['WADO-RS-6.5.5-03'],
  given: { references: bulkReferences },
  fault: on(
    bulk,
    sendsParts(all => [...all, ...all]),
  ),
  async run(t, { references }) {
    for (const { url, name } of references.slice(0, 3)) {
      const exchange = await ask(t, url, acceptOctets);
      if (exchange.response.status !== 200) continue;
      t.expect(`the number of parts for the bulk data URL of ${name}`, partsOf(t, exchange).length, 1);
    }
    t.record('bulk data URLs in the metadata', String(references.length));
  },
});

export const labels = check({
  id: 'wado-rs/bulkdata/labels',
  title: 'A bulk data item is labelled application/octet-stream and with its URL',
  requires: ['WADO-RS-6.5.5-05'],
  given: { references: bulkReferences },
  fault: on(
    bulk,
    sendsParts(all =>
      all.map(part => ({ ...part, headers: part.headers.map(line => line.replace(/^(content-location:).*/i, '$1 /tmp/a4711')) })),
    ),
  ),
  async run(t, { references }) {
    for (const { url, name } of references.slice(0, 3)) {
      const exchange = await ask(t, url, acceptOctets);
      if (exchange.response.status !== 200) continue;
      const sent = partsOf(t, exchange);
      for (const [i, part] of sent.entries()) {
        t.expect(`the Content-Type of the bulk data of ${name}`, part.mediaType, 'application/octet-stream');
        // Later editions send pixel data frame by frame.
        const right = [url, ...(sent.length > 1 ? [`${url}/frames/${i + 1}`] : [])].some(each => sameUrl(part.location, each));
        t.expect(`the Content-Location of the bulk data of ${name}`, right ? url : part.location, url);
      }
    }
    t.record('bulk data URLs in the metadata', String(references.length));
  },
});

// 6.5: all responses are multipart, even that of a single item.
export const multipart = check({
  id: 'wado-rs/bulkdata/in-multipart',
  title: 'A bulk data item comes as a multipart message',
  requires: ['WADO-RS-6.5.5-04'],
  given: { references: bulkReferences },
  fault: on(bulk, sendsHeaders({ 'Content-Type': 'application/octet-stream' })),
  async run(t, { references }) {
    for (const { url, name } of references.slice(0, most)) {
      const exchange = await ask(t, url, acceptOctets);
      // What is held with loss only may be refused.
      if (exchange.response.status !== 200) continue;
      t.expect(`the Content-Type of the bulk data of ${name}`, mediaTypeOf(exchange), 'multipart/related');
      return;
    }
    t.skip('the metadata refer to no bulk data that can be had as application/octet-stream');
  },
});

// 6.5.5: the same URL, the same bytes.
export const stable = check({
  id: 'wado-rs/bulkdata/the-same-bytes-always',
  title: 'A bulk data URL yields the same bytes when it is asked again',
  requires: ['WADO-RS-6.5.5-07'],
  given: { references: bulkReferences },
  fault: server => {
    let asked = 0;
    const other = sendsParts(all => all.map(part => ({ ...part, body: Buffer.from(part.body).fill(7) })))(server);
    return request => (bulk.test(request.url) && asked++ % 2 === 1 ? other(request) : server(request));
  },
  async run(t, { references }) {
    for (const { url, name } of references.slice(0, 3)) {
      const [first, second] = [await ask(t, url, acceptOctets), await ask(t, url, acceptOctets)];
      if (first.response.status !== 200 || [404, 410].includes(second.response.status)) continue;
      t.expect(`the status of the bulk data of ${name}, asked again`, second.response.status, 200);
      const bodies = (exchange: typeof first) => partsOf(t, exchange).map(part => part.body);
      t.expect(`the bulk data of ${name}, asked again`, bodies(second), bodies(first));
    }
    t.record('bulk data URLs in the metadata', String(references.length));
  },
});

// 6.5.5.2: what cannot be encoded as asked is an error.
export const impossible = check({
  id: 'wado-rs/bulkdata/impossible-type',
  title: 'Bulk data in a type that it cannot have is answered 406',
  requires: ['WADO-RS-6.5.5-13'],
  given: { references: bulkReferences },
  fault: on(bulk, server => request => server(new Request(request.url, { headers: { Accept: acceptOctets } }))),
  async run(t, { references }) {
    const { url, name } = references[0] ?? t.skip('the metadata have no bulk data reference');
    const { response } = await ask(t, url, 'multipart/related; type="application/x-unknown"');
    t.expect(`the status for the bulk data of ${name} in a type that does not exist`, response.status, 406);
  },
});
