import { ianaCharacterSets } from '../../schemas/character-sets.ts';
import { clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hears, hearsHeaders, on } from '../kit/faults.ts';
import { covers, membersOf, uriRequest } from '../kit/uri-request.ts';

const asked = /requestType=WADO/;
const withType = /contentType=/;

const token = "[!#$%&'*+.^_`|~\\w-]+";
const mediaRange = new RegExp(`^\\s*(${token})/(${token})(\\s*;\\s*${token}\\s*=\\s*(${token}|"[^"]*"))*\\s*$`);
const charsetRange = new RegExp(`^\\s*${token}(\\s*;\\s*q\\s*=\\s*[01](\\.\\d{0,3})?)?\\s*$`, 'i');
const listOf = (words: string, member: RegExp) =>
  satisfying(`a list of ${words} (RFC 2616 14)`, (list: string) => list.split(',').every(each => member.test(each)));
const mediaTypes = listOf('media types with parameters', mediaRange);
const charsets = listOf('character sets with preference values', charsetRange);

// PS3.18-2013 6.2.2 and 8.1.5.
export const accept = clientCheck({
  id: 'wado-uri/client-types/accept',
  title: 'Accept is there and is a list of media types',
  requires: ['WADO-URI-6.2.2-01'],
  wrongClient: on(asked, hearsHeaders({ Accept: null })),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (request) t.expect('the Accept header', request.accept ?? 'nothing', mediaTypes);
  },
});

/** 7.1.2 to 7.4.2: what servers have to offer, by the kind of answer that shows the class of the object. */
function oblige(answered: string): readonly string[] {
  if (answered.startsWith('image/')) return ['application/dicom', 'image/jpeg'];
  if (answered === 'text/html' || answered === 'text/plain') return ['application/dicom', 'text/plain', 'text/html'];
  return answered === 'application/dicom' ? ['application/dicom'] : [];
}

// 6.2.2: at least what servers are obliged to offer; until 2015c. Which class the object is of is told by the answer.
export const acceptEnough = clientCheck({
  id: 'wado-uri/client-types/accept-what-servers-have',
  title: 'Accept covers the media types that servers have to offer for the object',
  requires: ['WADO-URI-6.2.2-02'],
  wrongClient: on(asked, hearsHeaders({ Accept: 'image/png' })),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (!request || request.accept === null) return;
    const missing = oblige(request.answered).filter(type => !covers(membersOf(request.accept ?? ''), type));
    t.expect('the media types that every server has for the object and Accept leaves out', missing, []);
  },
});

// 8.1.5.
export const contentType = clientCheck({
  id: 'wado-uri/client-types/content-type',
  title: 'contentType is a list of media types that Accept covers',
  requires: ['WADO-URI-8.1.5-03', 'WADO-URI-8.1.5-02', 'WADO-URI-RAD55-03', 'WADO-URI-8.1.5-01', 'WADO-URI-8.1.5-09'],
  wrongClient: on(withType, hearsHeaders({ Accept: 'text/css' })),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const value = request?.value('contentType') ?? null;
    if (!request || value === null) {
      if (request) t.record('contentType', 'left out');
      return;
    }
    t.expect('contentType', value, mediaTypes, { row: 'WADO-URI-8.1.5-02' });
    const mixed = request.types.includes('application/dicom') && request.types.some(type => type !== 'application/dicom');
    if (mixed) t.record('contentType', 'application/dicom and other types in one list');
    if (request.accept === null) return;
    const outside = request.types.filter(type => !covers(membersOf(request.accept ?? ''), type));
    t.expect('the media types of contentType that Accept does not cover', outside, []);
    t.expect('the media types of contentType that Accept does not cover', outside, [], { row: 'WADO-URI-RAD55-03' });
  },
});

// 6.2.3.
export const acceptCharset = clientCheck({
  id: 'wado-uri/client-types/accept-charset',
  title: 'Accept-Charset, where it is sent, is a list of character sets',
  requires: ['WADO-URI-6.2.3-01'],
  wrongClient: on(asked, hearsHeaders({ 'Accept-Charset': 'ISO_IR 100' })),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    if (request && request.acceptCharset !== null) t.expect('the Accept-Charset header', request.acceptCharset, charsets);
  },
});

/** Names in use that are not those IANA prefers for MIME, with those that it prefers. */
const aliases: Readonly<Record<string, string>> = {
  ...{ utf8: 'utf-8', latin1: 'iso-8859-1', l1: 'iso-8859-1', 'iso_8859-1': 'iso-8859-1', iso8859_1: 'iso-8859-1' },
  ...Object.fromEntries(Object.entries(ianaCharacterSets).map(([name, terms]) => [(terms.at(-1) ?? '').toLowerCase(), name])),
};

// 8.1.6 and Annex D.
export const charset = clientCheck({
  id: 'wado-uri/client-types/charset',
  title: 'charset is a list of character sets under their names of IANA, out of Accept-Charset where that is sent',
  requires: ['WADO-URI-8.1.6-02', 'WADO-URI-8.1.6-03', 'WADO-URI-8.1.6-07', 'WADO-URI-8.1.6-01'],
  wrongClient: on(
    /[?&]charset=/,
    hears(url => url.searchParams.set('charset', 'ISO_IR 192')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const value = request?.value('charset') ?? null;
    if (!request || value === null) {
      if (request) t.record('charset', 'left out');
      return;
    }
    const names = membersOf(value);
    const preferred = names.filter(name => name in aliases && aliases[name] !== name).map(name => `${name} instead of ${aliases[name]}`);
    t.expect('the character sets under other names than those of IANA', preferred, [], { row: 'WADO-URI-8.1.6-07' });
    t.expect('charset', value, charsets);
    if (request.acceptCharset === null) return;
    const allowed = membersOf(request.acceptCharset);
    const outside = names.filter(name => !allowed.includes(name) && !allowed.includes('*'));
    t.expect('the character sets of charset that Accept-Charset does not name', outside, [], { row: 'WADO-URI-8.1.6-03' });
  },
});

// 8.1.7.
export const anonymize = clientCheck({
  id: 'wado-uri/client-types/anonymize',
  title: 'anonymize is yes, and is sent with contentType=application/dicom only',
  requires: ['WADO-URI-8.1.7-03', 'WADO-URI-8.1.7-02', 'WADO-URI-8.1.7-01'],
  wrongClient: on(
    /anonymize=/,
    hears(url => url.searchParams.set('contentType', 'image/jpeg')),
  ),
  looks(t, exchange) {
    const request = uriRequest(exchange);
    const value = request?.value('anonymize') ?? null;
    if (!request || value === null) {
      if (request) t.record('anonymize', 'left out');
      return;
    }
    t.expect('anonymize', value, 'yes', { row: 'WADO-URI-8.1.7-02' });
    t.expect('the contentType that anonymize is sent with', request.types, ['application/dicom']);
  },
});
