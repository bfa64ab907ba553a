import { type Edition, editions } from '../schemas/editions.ts';

/** The command line was used wrongly; the message is one sentence that says what to do next. Exit status 64. */
export class UsageError extends Error {}

/** The command could not do its work here and now; the message is one sentence. Exit status 2. */
export class Unable extends Error {}

/** A reader of a whole number in a range, for the option or argument of this name. */
export function wholeNumber(name: string, least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return text => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new UsageError(
        `${name} takes a whole number ${most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`}, not "${text}".`,
      );
    return value;
  };
}

/** Seconds, with a fraction if need be, at most a day. */
export function seconds(name: string): (text: string) => number {
  return text => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
    if (!(value > 0 && value <= 86_400))
      throw new UsageError(`${name} takes a number of seconds greater than 0, such as 10, not "${text}".`);
    return value;
  };
}

/** An edition of the standard by name. */
export function edition(text: string): Edition {
  const known: readonly string[] = editions;
  if (!known.includes(text))
    throw new UsageError(`There is no edition "${text}": take one of ${known[0]}, ${known[1]} … ${known.at(-1)}, such as 2013 or 2016c.`);
  return text;
}

/** A header line, added to those given before it. */
export function header(text: string, before: readonly (readonly [string, string])[] = []): readonly (readonly [string, string])[] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\u0000-\u0008\u000A-\u001F\u007F]*)$/.exec(text) ?? [];
  // The text is not repeated in the sentence, since it may be a credential.
  if (name === undefined || value === undefined)
    throw new UsageError(`--header takes a name, a colon and a value in one argument, such as --header 'Authorization: Bearer …'.`);
  if (![...value].every(character => character.charCodeAt(0) < 256))
    throw new UsageError(`The value of --header '${name}: …' has characters that a header line cannot hold: write it in ISO 8859-1.`);
  return [...before, [name, value.trimEnd()]];
}

/** A UID, added to those given before it. */
export function uid(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[0-9.]{1,64}$/.test(text))
    throw new UsageError(`--study takes a Study Instance UID (digits and dots, at most 64), not "${text}".`);
  return [...before, text];
}

/** A Repository Unique ID. */
export function repositoryUid(text: string): string {
  if (!/^[0-9.]{1,64}$/.test(text)) throw new UsageError(`--repository takes a UID (digits and dots, at most 64), not "${text}".`);
  return text;
}

/** The base URL of RESTful services. */
export function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new UsageError(`"${withoutPassword(text)}" is not a URL: give one such as http://localhost:8042/dicom-web.`);
  if (url.search || url.hash)
    throw new UsageError(
      `Give the base URL of the RESTful services without ${url.search ? 'a query' : 'a fragment'}: ${url.origin}${url.pathname}.`,
    );
  if ([url.username, url.password].some(part => /%(?![0-9a-f]{2})/i.test(part)))
    throw new UsageError('The name or password in the URL has a "%" that is not followed by two hexadecimal digits: write it as %25.');
  return text;
}

/** A reader of the URL of a service with an endpoint of its own, for the option of this name. */
export function serviceUrl(name: string): (text: string) => string {
  return text => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '' || url.search || url.hash || url.username)
      throw new UsageError(
        `${name} takes a URL without name, query and fragment, such as http://localhost:8042/wado, not "${withoutPassword(text)}".`,
      );
    return text;
  };
}

const withoutPassword = (text: string): string => text.replace(/\/\/[^/@]*@/, '//');

/** The candidate most like the text: the shortest one that it begins, else the one with the fewest other letters; null when none is like it. */
export function similar(text: string, candidates: Iterable<string>): string | null {
  const all = [...candidates];
  const begun = all.filter(candidate => text.length > 2 && candidate.toLowerCase().startsWith(text.toLowerCase()));
  if (begun.length > 0) return begun.reduce((a, b) => (b.length < a.length ? b : a));
  let best: string | null = null;
  let least = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const candidate of all) {
    const d = distance(text.toLowerCase(), candidate.toLowerCase(), least);
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

/** How many letters have to be added, removed or replaced (Levenshtein), or `enough` if it is not less. */
function distance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? enough;
}
