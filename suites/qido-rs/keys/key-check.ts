import type { FixtureStudy } from '../../../fixtures/recipe.ts';
import { attributeByKeyword, tagOf } from '../../../schemas/dictionary.ts';
import type { RequirementId } from '../../../schemas/requirements.ts';
import type { SearchLevel } from '../../../schemas/search-attributes.ts';
import type { Fault } from '../../harness/check.ts';
import type { Trial } from '../../harness/trial.ts';
import { hears } from '../../kit/faults.ts';
import { expectNames, namesOf, uidOf } from '../../kit/found.ts';
import { valuesOf } from '../generated/entities.ts';

/** A key in both spellings: `RequestAttributesSequence.ScheduledProcedureStepID` and `00400275.00400009`. */
export const spellings = (path: string): readonly [keywords: string, tags: string] => [path, path.split('.').map(tagOf).join('.')];

/** A server that does not know a key. */
export const ignores = (path: string): Fault =>
  hears(url => {
    for (const name of spellings(path)) url.searchParams.delete(name);
  });

/** A search and the fixtures among which it looks. */
export interface Scope {
  readonly resource: string;
  readonly studies: readonly FixtureStudy[];
}

/** A key to be tried. */
export interface KeyTrial {
  readonly path: string;
  readonly row: RequirementId;
  /** A value that no fixture has. */
  readonly nobodys: string;
}

const wildcardVrs = ['CS', 'LO', 'SH'];
const most = 3;

/**
 * Expects that a key filters, in both spellings: each value finds what has it and nothing else, and so does the beginning of a value with an asterisk. The values of all scopes
 * are tried in each.
 */
export async function tryKey(t: Trial, level: SearchLevel, scopes: readonly Scope[], { path, row, nobodys }: KeyTrial): Promise<void> {
  const all = scopes.flatMap(({ studies }) =>
    studies.flatMap(study => study.instances.flatMap(each => valuesOf({ study, instance: each }, path))),
  );
  const values = [...new Set(all)].slice(0, most);
  const vr = attributeByKeyword(path.split('.').at(-1) ?? '')?.vrs[0] ?? '';
  const beginning = (values[0] ?? '').slice(0, -1);
  const tests: readonly (readonly [value: string, has: (stored: string) => boolean])[] = [
    ...values.map(value => [value, (stored: string) => stored === value] as const),
    [nobodys, () => false],
    ...(wildcardVrs.includes(vr) ? [[`${beginning}*`, (stored: string) => stored.startsWith(beginning)] as const] : []),
  ];
  for (const name of spellings(path)) {
    for (const { resource, studies } of scopes) {
      for (const [value, has] of tests) {
        const query = `${resource}${resource.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
        await expectNames(t, level, query, studies, having(level, studies, path, has), { row });
      }
    }
  }
}

/** The names of the entities with a value that passes the test. */
function having(level: SearchLevel, studies: readonly FixtureStudy[], path: string, has: (stored: string) => boolean): readonly string[] {
  const names = namesOf(level, studies);
  return studies.flatMap(study =>
    study.instances
      .filter(instance => valuesOf({ study, instance }, path).some(has))
      .map(instance => names.get(instance[uidOf[level]]) ?? ''),
  );
}

/** Each study by itself, so that nothing else that the target holds counts. */
export const eachStudy = (studies: readonly FixtureStudy[], resource = 'studies'): readonly Scope[] =>
  studies.map(study => ({ resource: `${resource}?StudyInstanceUID=${study.studyInstanceUID}`, studies: [study] }));
