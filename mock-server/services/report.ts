import { textEncoding } from '../../fixtures/part10/text.ts';
import { ianaCharacterSets } from '../../schemas/character-sets.ts';
import { reportCda } from '../report/cda.ts';
import { type Report, reportOf } from '../report/content.ts';
import { reportHtml } from '../report/html.ts';
import { reportPdf } from '../report/pdf.ts';
import { reportText } from '../report/plain.ts';
import { reportRtf } from '../report/rtf.ts';
import type { StoredInstance } from '../storage/store.ts';

/** A rendered document: its bytes, and the character set in which they are text. */
export interface RenderedReport {
  readonly bytes: Uint8Array;
  /** The name that IANA prefers for MIME; absent where the format settles it. */
  readonly charset?: string;
}

type Write = (report: Report, instance: StoredInstance, charset: string) => string;

const texts: Readonly<Record<string, Write>> = {
  'text/html': (report, _, charset) => reportHtml(report, charset),
  'text/plain': reportText,
  // PS3.18-2013 7.3.2 names text/xml as the type of a CDA document.
  'text/xml': (report, { dataSet }, charset) => reportCda(report, dataSet, charset),
};
const others: Readonly<Record<string, (report: Report) => Uint8Array>> = {
  'application/pdf': reportPdf,
  'text/rtf': report => Buffer.from(reportRtf(report), 'latin1'),
};

/** The media types of a structured report, the default first (PS3.18-2013 7.3.2). */
export const reportTypes: readonly string[] = [...Object.keys(texts), ...Object.keys(others)];

/** A structured report as a media type of `reportTypes`, in the first of the character sets that has all its characters, else in UTF-8. */
export function renderReport(instance: StoredInstance, type: string, charsets: readonly string[] = []): RenderedReport {
  const report = reportOf(instance.dataSet);
  const write = texts[type];
  if (!write) {
    const bytes = others[type]?.(report);
    if (!bytes) throw new RangeError(`reports cannot be rendered as ${type}`);
    return { bytes };
  }
  for (const charset of charsets) {
    const bytes = encodedText(write(report, instance, charset.toUpperCase()), charset);
    if (bytes) return { bytes, charset: charset.toUpperCase() };
  }
  return { bytes: Buffer.from(write(report, instance, 'UTF-8')), charset: 'UTF-8' };
}

/** DICOM writes these sets of Annex D in another way than MIME does. */
const otherInMime = ['iso-2022-kr', 'iso-2022-cn'];

/** Text in a character set by its IANA name; null for one that is not known or lacks a character. */
function encodedText(text: string, charset: string): Uint8Array | null {
  const name = charset.toLowerCase();
  const terms = ianaCharacterSets[name];
  if (!terms || otherInMime.includes(name)) return null;
  try {
    return textEncoding(terms)('UT', [text]);
  } catch {
    return null;
  }
}
