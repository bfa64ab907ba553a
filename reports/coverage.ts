import { asOf } from '../schemas/editions.ts';
import { requirement } from '../schemas/requirements.ts';
import type { Coverage, ServiceCoverage } from '../suites/harness/coverage.ts';
import { count, groupBy, indent, table } from './text.ts';

const columns = ['judged', 'not judgeable', 'open', 'all'] as const;

/** What the checks judge, as text: counts by service, then what cannot be judged and why, then what is open. */
export function coverageReport({ edition, services }: Coverage, { width }: { readonly width: number }): string {
  const entries = Object.entries(services);
  const sizes = ({ judged, unjudgeable, open }: ServiceCoverage) => [judged.length, unjudgeable.length, open.length];
  const sum = entries.map(([, service]) => sizes(service)).reduce((a, b) => a.map((n, i) => n + (b[i] ?? 0)), [0, 0, 0]);
  const row = (name: string, numbers: readonly number[]) => [name, ...numbers.map(String), String(numbers.reduce((a, b) => a + b, 0))];
  const ids = entries.flatMap(([, { judged, unjudgeable, open }]) => [...judged.map(r => r.id), ...unjudgeable.map(r => r.id), ...open]);
  const later = ids.filter(id => asOf(requirement(id).level, edition) === null).length;
  return [
    'Requirements that a server can break, by the service they belong to',
    '',
    ...table([['service', ...columns], ...entries.map(([name, service]) => row(name, sizes(service))), row('all', sum)]),
    '',
    `${count(later, 'of these is', 'of these are')} not in force in edition ${edition}.`,
    ...entries.flatMap(([name, service]) => [...notJudgeable(name, service, width), ...open(name, service, width)]),
    '',
  ].join('\n');
}

function notJudgeable(name: string, { unjudgeable }: ServiceCoverage, width: number): readonly string[] {
  if (unjudgeable.length === 0) return [];
  const reasons = groupBy(unjudgeable, ({ reason }) => reason);
  return [
    '',
    `${name}: cannot be judged from outside (${unjudgeable.length})`,
    ...reasons.flatMap(([reason, rows]) => [...indent(reason, 2, width), ...indent(rows.map(({ id }) => id).join(' '), 6, width)]),
  ];
}

function open(name: string, service: ServiceCoverage, width: number): readonly string[] {
  if (service.open.length === 0) return [];
  return ['', `${name}: open (${service.open.length})`, ...indent(service.open.join(' '), 2, width)];
}
