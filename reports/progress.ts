import { createColors } from 'picocolors';
import type { Result, Verdict } from '../suites/harness/result.ts';

/** Tells how a run goes on while it does. */
export interface Progress {
  onResult(result: Result, done: number, total: number): void;
  /** Takes the live line away; nothing is written after it. */
  end(): void;
}

/** Where progress is written to. */
export interface ProgressScreen {
  readonly live: boolean;
  readonly colours: boolean;
  readonly width: number;
  write(text: string): void;
}

const eraseLine = '\r\u001B[2K';
const worthALine: ReadonlySet<Verdict> = new Set<Verdict>(['fail', 'warn', 'error']);
const mostErrorLines = 5;

/** One line that changes on a terminal; elsewhere a line for each finding and one for each quarter of the checks. */
export function progress(screen: ProgressScreen): Progress {
  const paint = createColors(screen.colours);
  const shades: Partial<Record<Verdict, (text: string) => string>> = { fail: paint.red, warn: paint.yellow, error: paint.magenta };
  const counts = new Map<Verdict, number>();
  let quarter = 0;
  const erase = () => (screen.live ? screen.write(eraseLine) : undefined);

  return {
    onResult(result, done, total) {
      const { verdict, id } = result;
      const times = (counts.get(verdict) ?? 0) + 1;
      counts.set(verdict, times);
      // A target that is gone makes an error of every check: the report tells them together.
      if (worthALine.has(verdict) && (verdict !== 'error' || times <= mostErrorLines)) {
        erase();
        screen.write(`${(shades[verdict] ?? String)(verdict)} ${id}\n`);
      }
      if (screen.live) {
        const findings = [...worthALine].filter(v => counts.has(v)).map(v => `, ${counts.get(v)} ${v}`);
        screen.write(`${eraseLine}${`${done}/${total}${findings.join('')}  ${id}`.slice(0, screen.width - 1)}`);
      } else if (Math.floor((4 * done) / total) > quarter) {
        quarter = Math.floor((4 * done) / total);
        screen.write(`${done} of ${total} checks made\n`);
      }
    },
    end: erase,
  };
}
