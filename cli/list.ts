import { indent } from '../reports/text.ts';
import { asOf, homeEdition } from '../schemas/editions.ts';
import { requirement } from '../schemas/requirements.ts';
import { type Check, serviceOf } from '../suites/harness/check.ts';
import { loadChecks } from '../suites/harness/load.ts';
import { print, screenOf } from './output.ts';
import { selected } from './selection.ts';

/** Lists the checks that the selections name; as JSON each one with whether it was just seen to find its own wrong server wrong. */
export async function listCommand(selections: readonly string[], flags: { readonly json?: true }): Promise<number> {
  const checks = selected(await loadChecks(), selections);
  await print(flags.json ? `${JSON.stringify(await entries(checks), null, 2)}\n` : text(checks));
  return 0;
}

function text(checks: readonly Check[]): string {
  const { width } = screenOf(process.stdout);
  return `${checks.map(({ id, title, writes }) => [id, ...indent(writes ? `${title} (stores)` : title, 4, width)].join('\n')).join('\n')}\n`;
}

/** An entry of the document that schemas/json/list.json describes. */
async function entries(checks: readonly Check[]): Promise<readonly object[]> {
  const { editionOf, isKilled } = await import('../suites/kit/kill.ts');
  const listed: object[] = [];
  for (const check of checks) {
    const { id, title, requires, writes = false } = check;
    const edition = editionOf(check);
    listed.push({
      id,
      title,
      service: serviceOf(check),
      requires,
      level: asOf(requirement(requires[0]).level, edition) ?? asOf(requirement(requires[0]).level, homeEdition),
      sections: [...new Set(requires.map(row => requirement(row).section))],
      writes,
      killed: await isKilled(check),
    });
  }
  return listed;
}
