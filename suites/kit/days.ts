const millisecondsPerDay = 86_400_000;

function shifted(date: string, days: number): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number);
  const moved = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1) + days * millisecondsPerDay);
  return moved.toISOString().slice(0, 10).replaceAll('-', '');
}

/** The day before a DA value. */
export const dayBefore = (date: string): string => shifted(date, -1);

/** The day after a DA value. */
export const dayAfter = (date: string): string => shifted(date, 1);

/** A TM value so many hours earlier or later, to the minute; the day must not end in between. */
export function hoursFrom(time: string, hours: number): string {
  const hour = Number(time.slice(0, 2)) + hours;
  if (hour < 0 || hour > 23) throw new Error(`${time} and ${hours} hours leave the day`);
  return `${String(hour).padStart(2, '0')}${time.slice(2, 4).padEnd(2, '0')}`;
}
