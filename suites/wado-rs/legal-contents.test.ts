import { expect, test } from 'vitest';
import { corpus } from '../../fixtures/corpus.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { hearing } from '../right-servers/hearing.ts';

const checks = select(await loadChecks(), ['wado-rs', 'common']);

/** What a server holds decides what can be asked of it: none is accused for what it does not hold. */
test.each(corpus.map(study => [study.name, study] as const))(
  'a server that holds the study %s only is not accused',
  async (_, { instances }) => {
    const { accusations } = await hearing(checks, server => server, { holds: instances.map(instance => instance.part10()) });
    expect(accusations).toEqual([]);
  },
);
