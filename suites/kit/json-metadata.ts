import type { Tag } from '../../schemas/data-set.ts';
import { isPrivate } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { type Attribute, type Attributes, type Content, nameOf } from './compare.ts';
import { acceptJson } from './media.ts';
import { Unreadable } from './read/defect.ts';
import { readJsonResults } from './read/json-model.ts';
import { ask } from './retrieve.ts';

/** Metadata asked for as JSON (PS3.18-2014a 6.5.6.1): the answer, and its data sets; skips where JSON is not offered. */
export async function jsonMetadata(
  t: Trial,
  to: string,
  row: RequirementId,
): Promise<{ readonly exchange: Exchange; readonly dataSets: readonly Attributes[] }> {
  const accept = acceptJson(t.edition);
  const exchange = await ask(t, to, accept);
  const { status, body } = exchange.response;
  if (status === 406) t.skip(`the target does not offer metadata as ${accept}`);
  t.expect(`the status of metadata with Accept: ${accept}`, status, anyOf(200, 406), { row });
  try {
    return { exchange, dataSets: readJsonResults(body).value };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    t.expect('the metadata, asked for as JSON', error.message, 'an array of JSON objects', { row });
    return t.skip(`what cannot be read tells nothing: ${error.message}`);
  }
}

/** Specific Character Set belongs to a form; Private Creator elements may be left out of XML, which names the creators elsewhere. */
const implied = (tag: Tag): boolean => tag === '00080005' || (isPrivate(tag) && /^....00[1-9A-F]/.test(tag));

/** In what two documents of one data set do not agree, in words; values that one of them gives by reference or as bytes are not compared. */
export function disagreements(one: Attributes, other: Attributes, within = ''): readonly string[] {
  const keyOf = ({ tag, privateCreator = '' }: Attribute) => `${tag} ${privateCreator.trim()}`;
  const byKey = (attributes: Attributes) => new Map(attributes.filter(({ tag }) => !implied(tag)).map(each => [keyOf(each), each]));
  const [ours, theirs] = [byKey(one), byKey(other)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap(key => {
    const [a, b] = [ours.get(key), theirs.get(key)];
    const where = `${within}${nameOf((a ?? b)?.tag ?? '')}`;
    if (!a || !b) return [`${where} is in one of them only`];
    if (a.vr !== b.vr) return [`${where} has the VR ${a.vr} in one and ${b.vr} in the other`];
    if (a.content.kind === 'items' && b.content.kind === 'items') {
      const [x, y] = [a.content.items, b.content.items];
      if (x.length !== y.length) return [`${where} has ${x.length} items in one and ${y.length} in the other`];
      return x.flatMap((item, i) => disagreements(item, y[i] ?? [], `${where} item ${i + 1} `));
    }
    const [x, y] = [meaning(a.content, a.vr), meaning(b.content, b.vr)];
    return x === null || y === null || x === y ? [] : [`${where} is ${x} in one and ${y} in the other`];
  });
}

function meaning(content: Content, vr: string): string | null {
  if (content.kind === 'reference' || content.kind === 'inline') return null;
  if (content.kind === 'empty') return 'empty';
  if (content.kind === 'items') return content.items.length === 0 ? 'empty' : `${content.items.length} items`;
  const values = content.values.map(value => valueMeaning(String(value ?? ''), vr));
  return values.every(value => value === '') ? 'empty' : JSON.stringify(values);
}

/** What a value says, whatever the form: numbers by their value, FL in single precision, names without delimiters at their end. */
function valueMeaning(value: string, vr: string): string {
  const text = value.trim();
  if (vr === 'PN')
    return text
      .split('=')
      .map(group => group.trim().replace(/[\^ ]+$/, ''))
      .join('=')
      .replace(/=+$/, '');
  if (text === '' || !['DS', 'FD', 'FL', 'IS', 'SL', 'SS', 'UL', 'US'].includes(vr)) return text;
  return String(vr === 'FL' ? Math.fround(Number(text)) : Number(text));
}
