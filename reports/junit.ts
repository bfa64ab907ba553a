import { type Report, type Result, type Verdict, verdicts } from '../suites/harness/result.ts';
import { requirementLine } from './text.ts';

/** A report as JUnit XML: one test suite by service; a warning passes and is told in the output of its suite. */
export function junitReport(report: Report): string {
  const services = [...new Set(report.results.map(({ service }) => service))].sort();
  const suites = services.map((service, i) =>
    suite(
      report,
      service,
      report.results.filter(result => result.service === service),
      i,
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suite(report: Report, service: string, results: readonly Result[], id: number): string {
  const of = (verdict: Verdict) => results.filter(result => result.verdict === verdict);
  const counts = Object.fromEntries(verdicts.map(verdict => [verdict, String(of(verdict).length)]));
  const attributes = {
    id: String(id),
    name: service,
    package: report.tool.name,
    hostname: hostOf(report.target),
    timestamp: report.started.slice(0, 19),
    tests: String(results.length),
    failures: counts.fail ?? '0',
    errors: counts.error ?? '0',
    skipped: counts.skip ?? '0',
    time: seconds(results.reduce((sum, { ms }) => sum + ms, 0)),
  };
  const properties = { target: report.target, edition: report.edition, seed: String(report.seed) };
  const warnings = of('warn').map(({ id: check, reason }) => `warning: ${check}: ${reason}`);
  return [
    `  <testsuite${listed(attributes)}>\n`,
    '    <properties>\n',
    ...Object.entries(properties).map(([name, value]) => `      <property${listed({ name, value })}/>\n`),
    '    </properties>\n',
    ...results.map(result => testCase(result, report)),
    `    <system-out>${escaped(warnings.join('\n'))}</system-out>\n`,
    '    <system-err></system-err>\n',
    '  </testsuite>\n',
  ].join('');
}

function testCase(result: Result, report: Report): string {
  const open = `    <testcase${listed({ name: result.id, classname: `${report.tool.name}.${result.service}`, time: seconds(result.ms) })}`;
  const message = result.reason.split('\n')[0] ?? '';
  switch (result.verdict) {
    case 'fail':
      return `${open}>\n      <failure${listed({ type: result.level ?? 'shall', message })}>${escaped(details(result, report))}</failure>\n    </testcase>\n`;
    case 'error':
      return `${open}>\n      <error${listed({ type: 'error', message })}>${escaped(details(result, report))}</error>\n    </testcase>\n`;
    case 'skip':
      return `${open}>\n      <skipped${listed({ message })}/>\n    </testcase>\n`;
    default:
      return `${open}/>\n`;
  }
}

function details({ title, requires, reason, exchanges }: Result, report: Report): string {
  return [title, ...requires.map(id => requirementLine(id, report.edition)), reason, ...exchanges.map(({ curl }) => curl)].join('\n');
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function hostOf(target: string): string {
  return URL.canParse(target) ? new URL(target).hostname : 'localhost';
}

function listed(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll('\t', '&#9;').replaceAll('\n', '&#10;').replaceAll('\r', '&#13;')}"`)
    .join('');
}

/** Characters that XML 1.0 cannot hold in any form are shown as JavaScript would write them. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF\p{Surrogate}]/gu, shownCode)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const shownCode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
