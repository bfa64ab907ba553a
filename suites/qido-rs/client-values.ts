import { clientCheck } from '../harness/client.ts';
import { hears, on } from '../kit/faults.ts';
import { type NamedAttribute, type QueryPair, searchRequest } from '../kit/rs-request.ts';

// PS3.5-2013 6.2; the older forms with dots and colons are those that it says are to be understood.
const date = '(?:\\d{8}|\\d{4}\\.\\d{2}\\.\\d{2})';
const time = '(?:\\d{2}(?:\\d{2}(?:\\d{2}(?:\\.\\d{1,6})?)?)?|\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?)';
// A plus sign may have become a space on the way.
const dateTime = '(?:\\d{4}(?:\\d{2}){0,5}(?:\\.\\d{1,6})?(?:[+-]?\\d{4})?)';
const range = (one: string) => new RegExp(`^(${one}-?|-${one}|${one}-${one})$`);

const integers = /^[+-]?\d+$/;
const decimals = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

interface Matching {
  readonly may: string;
  readonly fits: (value: string, attribute: NamedAttribute) => boolean;
}

const matches = (may: string, form: RegExp): Matching => ({ may, fits: value => form.test(value) });
/** Of attributes with several values a number for each may be asked. */
const numbers = (form: RegExp): Matching => ({
  may: 'one number: ranges and wildcards are not for numbers',
  fits: (value, { vm }) => (vm === '1' ? [value] : value.split('\\')).every(each => form.test(each)),
});
const text = matches('one value, with wildcards or without: lists are for UIDs only', /^[^\\]*$/);
const octets = matches('one value: wildcards are not for binary values', /^[^*?]*$/);

/** PS3.4-2013 C.2.2.2 by VR: what a value that is not empty may be. Spaces around it or in it are not looked at. */
const matchings: Readonly<Record<string, Matching>> = {
  UI: matches('a UID or a list of UIDs: wildcards and ranges are not for UIDs', /^[0-9.]+([,\\][0-9.]+)*$/),
  DA: matches('a date such as 20130509 or a range of two with one hyphen', range(date)),
  TM: matches('a time such as 2230 or a range of two with one hyphen', range(time)),
  DT: matches('a date and time such as 201305092230 or a range of two with one hyphen', range(dateTime)),
  AS: matches('an age such as 045Y: ranges and wildcards are not for ages', /^\d{1,3}[DWMY]?$/i),
  ...{ IS: numbers(integers), DS: numbers(decimals), FL: numbers(decimals), FD: numbers(decimals) },
  ...{ SL: numbers(integers), SS: numbers(integers), UL: numbers(integers), US: numbers(integers) },
  ...{ AT: octets, OB: octets, OW: octets, OF: octets },
  // A comma is no character of a CS.
  CS: matches('one value, with wildcards or without: lists are for UIDs only', /^[^\\,]*$/),
  ...{ AE: text, LO: text, PN: text, SH: text },
  SQ: matches('empty: the items of a sequence are matched by the attributes in them', /^$/),
};

/** Why the value of a key is of no matching type that its attribute has; null when it is of one. */
function wrong(key: QueryPair & NamedAttribute): string | null {
  const value = key.value.replaceAll(/[\s\0]/g, '');
  const matching = matchings[key.vr];
  if (value === '' || !matching || matching.fits(value, key)) return null;
  return `${key.name}=${key.value}, where ${key.vr} may be ${matching.may}`;
}

// PS3.18-2013 6.7.1.1 with PS3.4-2013 C.2.2.2.
export const matchingTypes = clientCheck({
  id: 'qido-rs/client-values/of-a-matching-type',
  title: 'The values of matching keys are of matching types that C-FIND has for their attributes',
  requires: ['QIDO-RS-6.7.1.1-43'],
  wrongClient: on(
    /StudyDate=/,
    hears(url => url.searchParams.set('StudyDate', '2013*')),
  ),
  looks(t, exchange) {
    const keys = searchRequest(exchange)?.keys ?? [];
    if (keys.length === 0) return;
    t.expect(
      'the values of no matching type',
      keys.flatMap(key => wrong(key) ?? []),
      [],
    );
  },
});
