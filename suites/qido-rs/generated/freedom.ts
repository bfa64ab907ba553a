/** What kind of values a key has, as far as matching goes. */
export type Kind = 'text' | 'code' | 'date' | 'time' | 'uid' | 'number' | 'name';

/**
 * Whether the standard leaves it to the server what a key finds among these stored values, so that nobody can be judged by it. PS3.4-2013 C.2.2.1.2 counts an empty
 * value as a match of any key, which PS3.18 may or may not import; C.2.2.2.1 leaves names and the precision of times to the server.
 */
export function isFree(kind: Kind, values: readonly string[], stored: readonly string[]): boolean {
  if (values.every(value => value === '' || value === '*')) return false;
  if (stored.length === 0) return true;
  if (kind === 'name') return values.some(value => stored.some(name => isFreeName(value, name)));
  if (kind === 'time') return values.some(value => stored.some(time => isFreeTime(value, time)));
  return false;
}

/** Letter case, accents and the order of components are the server's to declare, and so is what a key says of the single component groups. */
function isFreeName(value: string, stored: string): boolean {
  if (value === stored) return false;
  const words = (name: string) =>
    name
      .normalize('NFD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(word => word !== '')
      .sort()
      .join(' ');
  return value.includes('=') || stored.includes('=') || words(value) === words(stored);
}

const full = (time: string) => time.replaceAll(':', '').padEnd(6, '0').padEnd(7, '.').padEnd(13, '0');
const latest = (time: string) => {
  const [whole = '', fraction = ''] = time.split('.');
  return `${whole.padEnd(6, '59')}.${fraction.padEnd(6, '9')}`.slice(0, 13);
};

/** A time stands for all moments that begin as it does; what is neither wholly within nor wholly without is free. */
function isFreeTime(value: string, stored: string): boolean {
  const [first, last] = [full(stored), latest(stored)];
  if (!value.includes('-')) return value !== stored && full(value) <= last && first <= latest(value);
  const [from = '', to = ''] = value.split('-');
  const cutByFrom = from !== '' && first < full(from) && last >= full(from);
  const cutByTo = to !== '' && to !== stored && first <= latest(to) && last > full(to);
  return cutByFrom || cutByTo;
}
