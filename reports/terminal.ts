import { createColors } from 'picocolors';
import { type Report, type Result, type Verdict, verdicts } from '../suites/harness/result.ts';
import { count, groupBy, indent, plain, requirementLine, table } from './text.ts';

/** How wide the terminal is, in characters, and whether it shows colours. */
export interface Screen {
  readonly width: number;
  readonly colours: boolean;
}

const titles: Readonly<Record<Verdict, string>> = { pass: 'PASS', fail: 'FAIL', warn: 'WARN', skip: 'SKIP', error: 'ERROR' };

/** A report as text for a reader: what failed and why first, counts after it, the total as the last line. */
export function terminalReport(report: Report, { width, colours }: Screen): string {
  const paint = createColors(colours);
  const shades: Readonly<Record<Verdict, (text: string) => string>> = {
    pass: paint.green,
    fail: paint.red,
    warn: paint.yellow,
    skip: paint.dim,
    error: paint.magenta,
  };
  const of = (verdict: Verdict) => report.results.filter(result => result.verdict === verdict);
  const heading = (text: string) => ['', paint.bold(text), ''];

  const finding = (result: Result): readonly string[] => [
    `${shades[result.verdict](titles[result.verdict])}  ${paint.bold(result.id)}`,
    ...indent(result.title, 6, width),
    ...result.requires.slice(0, 1).flatMap(id => indent(requirementLine(id, report.edition), 6, width).map(paint.dim)),
    ...indent(result.reason, 6, width).map(shades[result.verdict]),
    ...repetition(result, width),
    '',
  ];

  const findings = (verdict: Verdict, title: string) => {
    const results = of(verdict);
    return results.length === 0 ? [] : [...heading(`${title} (${results.length})`), ...results.flatMap(finding)];
  };

  const grouped = (verdict: Verdict, title: string) => {
    const groups = groupBy(of(verdict), ({ reason }) => causeOf(reason));
    if (groups.length === 0) return [];
    return [...heading(title), ...groups.flatMap(([cause, results]) => group(cause, results, width, verdict === 'error'))];
  };

  const capabilities = capabilitiesOf(report.results);
  return [
    `${paint.bold(plain(report.target))} judged by DICOM PS3.18, edition ${report.edition}`,
    ...findings('fail', 'Failures'),
    ...findings('warn', 'Warnings'),
    ...grouped('error', 'Could not be judged'),
    ...grouped('skip', 'Skipped'),
    ...(capabilities.length === 0
      ? []
      : [...heading('What was seen where the standard leaves freedom'), ...capabilities.flatMap(text => indent(text, 6, width))]),
    ...heading('Counts'),
    ...table(countRows(report.results)),
    '',
    totalLine(report, (verdict, text) => shades[verdict](text)),
    '',
  ].join('\n');
}

/** The counts of a report in one line. */
export function totalLine(report: Report, paint: (verdict: Verdict, text: string) => string = (_, text) => text): string {
  const parts = verdicts.map(verdict => {
    const text = `${report.summary[verdict]} ${verdict}`;
    return report.summary[verdict] > 0 ? paint(verdict, text) : text;
  });
  const broken = report.complete ? '' : '; the run was interrupted';
  return `${parts.join(', ')}: ${count(report.requests, 'request')} in ${(report.durationMs / 1000).toFixed(1)} s, seed ${report.seed}${broken}`;
}

/** How a reader sees it again: the smallest generated value and the last request. */
function repetition({ counterexample, exchanges }: Result, width: number): readonly string[] {
  const smallest = counterexample
    ? indent(`smallest example: ${counterexample.value} (seed ${counterexample.seed}, path ${counterexample.path || '0'})`, 6, width)
    : [];
  const last = exchanges.at(-1);
  return [
    ...smallest,
    ...(last ? [`      ${plain(last.curl)}`, `      → status ${last.response.status}, ${count(last.response.bodyBytes, 'byte')}`] : []),
  ];
}

/** A reason without the request it begins with, so that the same trouble with many resources is told once. */
function causeOf(reason: string): string {
  return reason.replace(/^[A-Z]+ https?:\/\/\S+: /, '');
}

const shownIds = 3;

function group(cause: string, results: readonly Result[], width: number, everyId: boolean): readonly string[] {
  const ids = results.map(({ id }) => id);
  const shown = everyId ? ids : ids.slice(0, shownIds);
  const rest = ids.length - shown.length;
  return [
    ...indent(cause, 6, width).map((line, i) => (i === 0 ? `${String(results.length).padStart(4)}  ${line.trimStart()}` : line)),
    ...shown.map(id => `        ${id}`),
    ...(rest > 0 ? [`        and ${rest} more`] : []),
  ];
}

/** What checks wrote down, once each. A claim that was compared has no value behind a colon, apart from the header lines and remarks it quotes. */
function capabilitiesOf(results: readonly Result[]): readonly string[] {
  const isRecord = (text: string) => text.replaceAll(/\bAccept: |\([^)]*\)/g, '').includes(': ');
  const observed = results.filter(({ verdict }) => verdict === 'pass' || verdict === 'warn').flatMap(({ observations }) => observations);
  return [...new Set(observed.filter(isRecord))].sort();
}

function countRows(results: readonly Result[]): readonly (readonly string[])[] {
  const row = (name: string, some: readonly Result[]) => [
    name,
    ...verdicts.map(verdict => String(some.filter(result => result.verdict === verdict).length)),
    String(some.length),
  ];
  const services = [...new Set(results.map(({ service }) => service))].sort();
  return [
    ['service', ...verdicts, 'checks'],
    ...services.map(service =>
      row(
        service,
        results.filter(result => result.service === service),
      ),
    ),
    row('all', results),
  ];
}
