/** The editions of the standard, oldest first. Their names sort as text. */
export const editions = [
  '2013',
  ...['2014a', '2014b', '2014c'],
  ...['2015a', '2015b', '2015c'],
  ...['2016a', '2016b', '2016c', '2016d', '2016e'],
  ...['2017a', '2017b', '2017c', '2017d', '2017e'],
  ...['2018a', '2018b', '2018c', '2018d', '2018e'],
  ...['2019a', '2019b', '2019c', '2019d', '2019e'],
  ...['2020a', '2020b', '2020c'],
] as const;

/** An edition of the standard by name, such as `2013` or `2016c`. */
export type Edition = string;

/** The edition that is complete in this product and the default everywhere. */
export const homeEdition: Edition = '2013';

/** A fact that changes between editions, keyed by the first edition it holds in; null withdraws it. */
export type ByEdition<T> = Readonly<Record<Edition, T | null>>;

/** The value of `table` in force in `edition`, or null when there is none. */
export function asOf<T>(table: ByEdition<T>, edition: Edition): T | null {
  let inForce: Edition | null = null;
  for (const first in table) if (first <= edition && (inForce === null || first > inForce)) inForce = first;
  return inForce === null ? null : (table[inForce] ?? null);
}
