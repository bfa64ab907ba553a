import { asOf, type Edition } from '../schemas/editions.ts';
import { isRequirementId, requirement } from '../schemas/requirements.ts';

/** Breaks a text into lines of at most `width` characters at blanks; a word that is longer stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A text without characters that would make a terminal do something; they are shown as JavaScript would write them. */
export function plain(text: string): string {
  const shown = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replaceAll(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\p{Surrogate}]/gu, shown);
}

/** A text broken into lines, each behind the same blanks. */
export function indent(text: string, by: number, width: number): readonly string[] {
  return plain(text)
    .split('\n')
    .flatMap(part => wrap(part, Math.max(20, width - by)).map(line => ' '.repeat(by) + line));
}

/** Rows as lines with aligned columns: the first one to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0)));
  return rows.map(row => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '));
}

/** A number and its noun, such as `1 check` and `2 checks`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** The section of a requirement with the part of the standard it stands in. */
export function placeOf(section: string): string {
  return /^(PS3|RFC|ISO|IHE|W3C|FHIR)/.test(section) ? section : `PS3.18 ${section}`;
}

/** A requirement in one line: id, level in the edition, place; an unknown id stays as it is. */
export function requirementLine(id: string, edition: Edition): string {
  if (!isRequirementId(id)) return id;
  const { level, section } = requirement(id);
  return `${id} (${asOf(level, edition) ?? 'not in force'}), ${placeOf(section)}`;
}

/** Members by the value of `key`, most members first. */
export function groupBy<T>(members: readonly T[], key: (member: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const member of members) groups.set(key(member), [...(groups.get(key(member)) ?? []), member]);
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}
