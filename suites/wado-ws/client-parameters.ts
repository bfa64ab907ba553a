import { clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import type { XmlElement } from '../kit/read/xml.ts';
import { childrenOf, childText, documentsToRender } from '../kit/ws-asked.ts';

/** Writes other text into an element, wherever it is given. */
const says = (name: string, text: string) =>
  onBody(
    new RegExp(`<wado:${name}>`),
    hearsText(message => message.replaceAll(new RegExp(`(<wado:${name}>)[^<]*`, 'g'), `$1${text}`)),
  );
const lacks = (name: string) =>
  onBody(
    new RegExp(`<wado:${name}>`),
    hearsText(message => message.replaceAll(new RegExp(`<wado:${name}>.*?</wado:${name}>`, 'g'), '')),
  );

// PS3.5-2013 6.2: at most 12 and 16 bytes.
const isInteger = (text: string) => text.length <= 12 && /^[+-]?\d+$/.test(text);
const isDecimal = (text: string) => text.length <= 16 && /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text);
const forms: Readonly<Record<string, ReturnType<typeof satisfying>>> = {
  ...Object.fromEntries(['Rows', 'Columns', 'FrameNumber'].map(name => [name, satisfying('an integer string (IS)', isInteger)])),
  ...Object.fromEntries(['WindowCenter', 'WindowWidth'].map(name => [name, satisfying('a decimal string (DS)', isDecimal)])),
  ImageQuality: satisfying('a whole number from 1 to 100', (text: string) => isInteger(text) && Number(text) >= 1 && Number(text) <= 100),
};

// PS3.18-2013 8.2.2, 8.2.3 and 8.2.5 to 8.2.8.
export const numbers = clientCheck({
  id: 'wado-ws/client-parameters/numbers',
  title: 'Rows, Columns, FrameNumber and ImageQuality are integer strings, WindowCenter and WindowWidth decimal strings',
  requires: ['WADO-WS-8.2-03'],
  wrongClient: says('ImageQuality', '0.9'),
  looks(t, exchange) {
    for (const document of documentsToRender(exchange)) {
      for (const [name, form] of Object.entries(forms)) {
        const value = childText(document, name);
        if (value !== null) t.expect(name, value, form);
      }
    }
  },
});

const corners = ['XMin', 'YMin', 'XMax', 'YMax'];

/** The values of a region by the names of their elements, however they are spelled; null where it is a text with commas. */
function cornersOf(region: XmlElement): ReadonlyMap<string, string> | null {
  if (region.children.length === 0 && region.text.includes(',')) return null;
  return new Map(region.children.map(({ name, text }) => [name, text.trim()]));
}

// 8.2.4. Example E.3 spells Xmin, and schemas in use have a text with commas.
export const region = clientCheck({
  id: 'wado-ws/client-parameters/region',
  title: 'Region holds XMin, YMin, XMax and YMax from 0 to 1',
  requires: ['WADO-WS-8.2.4-01', 'WADO-WS-8.2.4-03'],
  wrongClient: onBody(
    /<wado:Region>/,
    hearsText(text => text.replaceAll('wado:XMax>', 'wado:Width>').replaceAll('wado:YMax>', 'wado:Height>')),
  ),
  looks(t, exchange) {
    for (const found of documentsToRender(exchange).flatMap(document => childrenOf(document, 'Region'))) {
      const values = cornersOf(found);
      if (values === null) t.record('Region', 'a text with commas, as schemas in use have it');
      else {
        const names = [...values.keys()];
        const isSpelled = satisfying(corners.join(', '), (all: readonly string[]) => {
          const lower = all.map(name => name.toLowerCase()).sort();
          return lower.join() === 'xmax,xmin,ymax,ymin';
        });
        t.expect('the elements of Region', names, isSpelled);
        if (!names.every(name => corners.includes(name))) t.record('the elements of Region', 'spelled as in example E.3');
      }
      const texts = values === null ? found.text.split(',').map(text => text.trim()) : [...values.values()];
      const inRange = (text: string) => isDecimal(text) && Number(text) >= 0 && Number(text) <= 1;
      const row = { row: 'WADO-WS-8.2.4-03' } as const;
      t.expect(
        'the values of Region that are no numbers from 0 to 1',
        texts.filter(text => !inRange(text)),
        [],
        row,
      );
      const last = values === null ? texts.slice(2) : [...values].filter(([name]) => /max$/i.test(name)).map(([, text]) => text);
      t.expect(
        'whether the bottom right corner of Region is at 0',
        last.some(text => Number(text) === 0),
        false,
        row,
      );
    }
  },
});

// 8.2.5 and 8.2.6.
export const window = clientCheck({
  id: 'wado-ws/client-parameters/window',
  title: 'WindowCenter and WindowWidth are sent together, and not with PresentationUID',
  requires: ['WADO-WS-8.2.5-01'],
  wrongClient: lacks('WindowCenter'),
  looks(t, exchange) {
    for (const document of documentsToRender(exchange)) {
      const sent = ['WindowCenter', 'WindowWidth'].filter(name => childText(document, name) !== null);
      if (sent.length === 0) continue;
      t.expect('those of WindowCenter and WindowWidth that are sent', sent, ['WindowCenter', 'WindowWidth']);
      t.expect('whether a window is sent with PresentationUID', childText(document, 'PresentationUID') !== null, false);
    }
  },
});

// 8.2.9 and 8.2.10.
export const presentation = clientCheck({
  id: 'wado-ws/client-parameters/presentation-uids',
  title: 'PresentationUID and PresentationSeriesUID are sent together',
  requires: ['WADO-WS-8.2.9-01'],
  wrongClient: lacks('PresentationSeriesUID'),
  looks(t, exchange) {
    for (const document of documentsToRender(exchange)) {
      const sent = ['PresentationUID', 'PresentationSeriesUID'].filter(name => childText(document, name) !== null);
      if (sent.length > 0)
        t.expect('those of PresentationUID and PresentationSeriesUID that are sent', sent, ['PresentationUID', 'PresentationSeriesUID']);
    }
  },
});
