import type { Check } from '../suites/harness/check.ts';
import { matches, select } from '../suites/harness/select.ts';
import { similar, UsageError } from './usage.ts';

const commands = ['list', 'explain', 'coverage', 'serve', 'fixtures'];

/** The checks that the selections name; a selection that names none is wrong usage. */
export function selected(checks: readonly Check[], selections: readonly string[]): readonly Check[] {
  for (const selection of selections) {
    if (!checks.some(({ id }) => matches(id, selection))) throw new UsageError(nothingNamed(selection, checks));
  }
  return select(checks, selections);
}

function nothingNamed(selection: string, checks: readonly Check[]): string {
  if (commands.includes(selection)) return `The command "${selection}" has to be the first word, before all options.`;
  if (/^[\w+.-]+:\/\/|^[\w.-]+:\d+|^localhost\b/.test(selection))
    return `"${selection}" is neither a check nor a URL to judge: the URL comes first and begins with http:// or https://.`;
  return `No check and no command is named "${selection}"${didYouMean(selection, [...prefixesOf(checks), ...commands])}`;
}

/** The end of a sentence about an unknown name: what may be meant, or where the names are listed. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const meant = similar(text, candidates);
  return meant === null ? ': `conformance list` shows the checks.' : `: did you mean "${meant}"?`;
}

/** The ids of all checks and all their beginnings. */
export function prefixesOf(checks: readonly Pick<Check, 'id'>[]): ReadonlySet<string> {
  return new Set(checks.flatMap(({ id }) => id.split('/').map((_, i, words) => words.slice(0, i + 1).join('/'))));
}
