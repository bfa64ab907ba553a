import { indent, placeOf, requirementLine } from '../reports/text.ts';
import { homeEdition } from '../schemas/editions.ts';
import { type RequirementId, requirement, requirementIds } from '../schemas/requirements.ts';
import type { Check } from '../suites/harness/check.ts';
import type { ClientCheck } from '../suites/harness/client.ts';
import { loadChecks, loadClientChecks } from '../suites/harness/load.ts';
import { matches } from '../suites/harness/select.ts';
import { print, screenOf } from './output.ts';
import { didYouMean, prefixesOf } from './selection.ts';
import { UsageError } from './usage.ts';

/** Explains a check, all checks below a beginning of ids, or a requirement. */
export async function explainCommand(id: string): Promise<number> {
  const checks = await loadChecks();
  const clientChecks = await loadClientChecks();
  const { width } = screenOf(process.stdout);
  const row = requirementIds.find(known => known.toLowerCase() === id.toLowerCase());
  const named = [
    ...checks.filter(check => matches(check.id, id)).map(check => aboutCheck(check, width)),
    ...clientChecks.filter(check => matches(check.id, id)).map(check => aboutClientCheck(check, width)),
  ];
  if (row === undefined && named.length === 0) {
    const names = [...prefixesOf([...checks, ...clientChecks]), ...requirementIds];
    throw new UsageError(`No check and no requirement is named "${id}"${didYouMean(id, names)}`);
  }
  const lines = row === undefined ? named.flat() : aboutRequirement(row, checks, clientChecks, width);
  await print(`${lines.join('\n')}\n`);
  return 0;
}

/** The claim of a check of either kind, and the requirements that it judges. */
function claimOf({ id, title, requires }: Pick<Check, 'id' | 'title' | 'requires'>, width: number): readonly string[] {
  return [
    id,
    ...indent(`${title}.`, 2, width),
    '',
    ...requires.flatMap(row => [...indent(requirementLine(row, homeEdition), 2, width), ...indent(requirement(row).statement, 6, width)]),
    '',
  ];
}

function aboutClientCheck(check: ClientCheck, width: number): readonly string[] {
  return [...claimOf(check, width), ...indent('Judges requests of clients: conformance serve --judge-clients', 2, width), ''];
}

function aboutCheck(check: Check, width: number): readonly string[] {
  const { id, given, writes } = check;
  const needs = Object.values(given ?? {}).map(({ key }) => key);
  return [
    ...claimOf(check, width),
    ...(needs.length > 0 ? indent(`Needs: ${needs.join(', ')}`, 2, width) : []),
    ...(writes ? indent('Stores instances on the target, so it needs --write.', 2, width) : []),
    ...indent(`Alone: conformance URL ${id}`, 2, width),
    ...indent(`The wrong server it finds: conformance serve --fault ${id}`, 2, width),
    '',
  ];
}

function aboutRequirement(
  id: RequirementId,
  checks: readonly Check[],
  clientChecks: readonly ClientCheck[],
  width: number,
): readonly string[] {
  const { section, transaction, level, party, statement, observable, violation, precondition, source, editions, unjudgeable } =
    requirement(id);
  const levels = Object.entries(level).map(([first, value]) => `${value ?? 'withdrawn'} from ${first}`);
  const judges = checks.filter(check => check.requires.some(row => row === id));
  const ofClients = clientChecks.filter(check => check.requires.some(row => row === id)).map(check => check.id);
  const open = unjudgeable || ofClients.length > 0 ? '' : 'no check yet';
  const facts: readonly (readonly [string, string])[] = [
    ['Statement', statement],
    ['Level', levels.join(', ')],
    ['Where', `${placeOf(section)}; ${source}`],
    ['For', `${transaction} (${party})`],
    ['To be seen', observable],
    ['Broken by', violation],
    ['Needs', precondition],
    ['Editions', editions],
    ['Not judgeable', unjudgeable ?? ''],
    ['Judged by', judges.map(check => check.id).join('\n') || open],
    ['Judged of clients by', ofClients.length > 0 ? `${ofClients.join('\n')}\nwith conformance serve --judge-clients` : ''],
  ];
  return [id, ...facts.filter(([, value]) => value !== '').flatMap(([name, value]) => [`  ${name}`, ...indent(value, 6, width)]), ''];
}
