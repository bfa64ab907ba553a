import { wildcard } from './wildcard.ts';

/** The component groups of a name without the delimiters that may be left out at their ends (PS3.5-2013 6.2.1). */
const groupsOf = (name: string): readonly string[] => name.split('=').map(group => group.trim().replace(/[\^ ]+$/, ''));

/**
 * PS3.4-2013 C.2.2.2.1 and C.2.2.2.4 leave the matching of names to the server. Here it is literal and minds letter case; a value without `=` may match any component group, one
 * with `=` has to match each group that it gives; an asterisk also stands for delimiters.
 */
export function literalName(value: string): (stored: string) => boolean {
  const wanted = groupsOf(value);
  const matches = (pattern: string, group: string) => (/[*?]/.test(pattern) ? wildcard(pattern, group) : pattern === group);
  if (wanted.length === 1) return stored => groupsOf(stored).some(group => matches(wanted[0] ?? '', group));
  return stored => {
    const groups = groupsOf(stored);
    return wanted.every((pattern, i) => pattern === '' || matches(pattern, groups[i] ?? ''));
  };
}

/**
 * Fuzzy semantic matching (PS3.18-2013 6.7.1.2.1): what this server declares. A name is the set of its words, in whatever component or order; letter case, accents and
 * punctuation do not count. Each word of the key has to be a word of the name: the same one, one that sounds the same (American Soundex, words of Latin letters with at least
 * three of them), or, with * and ?, one that the pattern matches. What matches literally, matches.
 */
export function fuzzyName(value: string): (stored: string) => boolean {
  const literal = literalName(value);
  const wanted = wordsOf(value, true);
  return stored => {
    if (literal(stored)) return true;
    const words = wordsOf(stored, false);
    return wanted.length > 0 && wanted.every(pattern => words.some(word => sameWord(pattern, word)));
  };
}

function sameWord(pattern: string, word: string): boolean {
  if (/[*?]/.test(pattern)) return wildcard(pattern, word);
  if (pattern === word) return true;
  const [one, other] = [soundex(pattern), soundex(word)];
  return one !== null && one === other;
}

/** Words in lower case and without accents; the letters of any script count. */
function wordsOf(name: string, isPattern: boolean): readonly string[] {
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain.split(isPattern ? /[^\p{L}\p{N}*?]+/u : /[^\p{L}\p{N}]+/u).filter(word => word !== '' && word !== '*');
}

const codes: Readonly<Record<string, string>> = Object.fromEntries(
  ['bfpv', 'cgjkqsxz', 'dt', 'l', 'mn', 'r'].flatMap((letters, i) => [...letters].map(letter => [letter, String(i + 1)])),
);

/** The code of a word: its first letter and three digits for the consonants that follow; null for a word that has none. */
function soundex(word: string): string | null {
  if (!/^[a-z]{3,}$/.test(word)) return null;
  let code = word[0] ?? '';
  let before = codes[code] ?? '';
  for (const letter of word.slice(1)) {
    const digit = codes[letter] ?? '';
    if (digit !== '' && digit !== before) code += digit;
    // h and w do not separate letters of one code; vowels do.
    if (letter !== 'h' && letter !== 'w') before = digit;
  }
  return code.padEnd(4, '0').slice(0, 4);
}
