import type { Tag, Vr } from './data-set.ts';
import { attributeLines } from './dictionary-data.ts';

/** An attribute of PS3.6-2013. */
export interface Attribute {
  readonly tag: Tag;
  /** The VRs the dictionary allows; several for `US or SS` and the like, none for items and delimiters. */
  readonly vrs: readonly Vr[];
  readonly vm: string;
  /** Empty for the few attributes that have none. */
  readonly keyword: string;
}

const byTag = new Map<Tag, Attribute>();
const byKeyword = new Map<string, Attribute>();

for (const line of attributeLines.trim().split('\n')) {
  const [tag = '', vr = '-', vm = '', keyword = '-'] = line.split(' ');
  const attribute = { tag, vm, vrs: vr === '-' ? [] : (vr.split('/') as Vr[]), keyword: keyword === '-' ? '' : keyword };
  byTag.set(tag, attribute);
  if (attribute.keyword) byKeyword.set(attribute.keyword, attribute);
}

/** Tags with running digits in groups or elements, as PS3.6 writes them: (60xx,3000). */
const patterns = [...byTag.keys()]
  .filter(tag => tag.includes('x'))
  .map(tag => ({ tag, matches: new RegExp(`^${tag.replaceAll('x', '[0-9A-F]')}$`) }));

/** The attribute with this tag, private tags and unknown ones excepted; repeating groups (50xx, 60xx) are found by any of their tags. */
export function attributeByTag(tag: Tag): Attribute | undefined {
  const exact = byTag.get(tag);
  if (exact) return exact;
  const pattern = patterns.find(p => p.matches.test(tag));
  return pattern && byTag.get(pattern.tag);
}

/** The attribute with this keyword. */
export function attributeByKeyword(keyword: string): Attribute | undefined {
  return byKeyword.get(keyword);
}

/** The tag with this keyword; for code that names attributes of the standard, so an unknown keyword is a defect and throws. */
export function tagOf(keyword: string): Tag {
  const found = byKeyword.get(keyword);
  if (!found) throw new Error(`No attribute of PS3.6 has the keyword ${keyword}`);
  return found.tag;
}

/** Whether the tag is private: an odd group number (PS3.5-2013 7.8). */
export function isPrivate(tag: Tag): boolean {
  return Number.parseInt(tag.slice(3, 4), 16) % 2 === 1;
}
