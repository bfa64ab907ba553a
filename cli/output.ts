import type { Screen } from '../reports/terminal.ts';

/** Writes to standard output and waits until it is taken. */
export function print(text: string): Promise<void> {
  return new Promise(resolve => process.stdout.write(text, () => resolve()));
}

/** Writes a line for people, which never goes to standard output. */
export function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** What a stream shows: width and colours, by the habits NO_COLOR and FORCE_COLOR. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const colours = FORCE_COLOR ? FORCE_COLOR !== '0' : stream.isTTY === true && !NO_COLOR && TERM !== 'dumb';
  return { colours, width: stream.isTTY ? Math.max(40, stream.columns || 100) : 120 };
}

/** Ends quietly when whoever reads the output goes away, as `head` does. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
}
