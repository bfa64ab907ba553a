import fc from 'fast-check';
import type { FixtureStudy } from '../../../fixtures/recipe.ts';
import { asOf, homeEdition } from '../../../schemas/editions.ts';
import { type RequirementId, requirement } from '../../../schemas/requirements.ts';
import type { SearchLevel } from '../../../schemas/search-attributes.ts';
import { type Entity, entitiesOf } from './entities.ts';
import { type Draw, type Keys, kindsFor } from './keys.ts';

/** A search that is generated: what it asks, and what it leaves to the server. */
export interface GeneratedQuery {
  /** Path and query below the base URL. */
  readonly resource: string;
  readonly level: SearchLevel;
  /** The entities of the fixtures below the path. */
  readonly entities: readonly Entity[];
  /** The requirement that decides what is found. */
  readonly row: RequirementId;
  readonly mayRefuse: boolean;
  isFree(entity: Entity): boolean;
  /** Where everything below the path is known: how many results are skipped, and how many are sent at most. */
  readonly page: { readonly limit: number; readonly offset: number } | null;
}

/** A place to search, and the level of the entities there. */
interface Place {
  readonly path: string;
  readonly level: SearchLevel;
  readonly above: 'nothing' | 'study' | 'series';
  readonly studies: readonly FixtureStudy[];
  readonly seriesInstanceUID?: string;
}

/** The six resources, those that the target offers; hierarchical ones for the studies that have most in them. */
function placesIn(studies: readonly FixtureStudy[], offered: ReadonlySet<string>): readonly Place[] {
  const rich = studies.filter(({ instances }) => instances.length > 1).slice(0, 6);
  return [
    { path: 'studies', level: 'study', above: 'nothing', studies },
    ...(offered.has('series of all studies') ? [{ path: 'series', level: 'series', above: 'nothing', studies } as const] : []),
    ...(offered.has('instances of all studies') ? [{ path: 'instances', level: 'instance', above: 'nothing', studies } as const] : []),
    ...rich.flatMap((study): readonly Place[] => {
      const path = `studies/${study.studyInstanceUID}`;
      const [first] = study.instances;
      return [
        { path: `${path}/series`, level: 'series', above: 'study', studies: [study] },
        ...(offered.has('instances of a study')
          ? [{ path: `${path}/instances`, level: 'instance', above: 'study', studies: [study] } as const]
          : []),
        ...(first
          ? [
              {
                path: `${path}/series/${first.seriesInstanceUID}/instances`,
                level: 'instance',
                above: 'series',
                studies: [study],
                seriesInstanceUID: first.seriesInstanceUID,
              } as const,
            ]
          : []),
      ];
    }),
  ];
}

/** Evenly spread, as what is chosen by it is to be. */
const fraction = fc.noBias(fc.integer({ min: 0, max: 9999 })).map(n => n / 10_000);
const draw: fc.Arbitrary<Draw> = fc.record({ key: fraction, form: fraction, source: fraction, other: fraction, at: fraction });
const mostKeys = 3;
const includes = ['', 'StudyDescription', 'PatientBirthDate', '00080090', 'PatientID', 'all'];

export interface Generating {
  readonly studies: readonly FixtureStudy[];
  /** The relational searches that the target offers. */
  readonly offered: ReadonlySet<string>;
  /** Whether values may need percent-encoding. */
  readonly encodes: boolean;
}

/** Searches over the fixtures: every resource, keys of each level in each form of value, up to three at once, pages and includefield. */
export function queries({ studies, offered, encodes }: Generating): fc.Arbitrary<GeneratedQuery> {
  const places = placesIn(studies, offered);
  return fc
    .record({
      // Half of all searches are for studies.
      place: fc.oneof(fc.constant(0), fc.noBias(fc.nat(places.length - 1))),
      // Each of them can be left out by itself, which is how a counterexample shrinks.
      draws: fc.tuple(fc.option(draw, { freq: 10 }), fc.option(draw, { freq: 2 }), fc.option(draw, { freq: 2 })),
      page: fc.option(fc.record({ limit: fc.integer({ min: 1, max: 6 }), skip: fraction }), { freq: 4 }),
      include: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, fc.constantFrom(...includes)),
    })
    .map(({ place, draws, page, include }) =>
      built(
        places[place] as Place,
        draws.filter(each => each !== null),
        page,
        include,
      ),
    )
    .filter(query => encodes || !query.resource.includes('%'));
}

function built(
  place: Place,
  draws: readonly Draw[],
  page: { readonly limit: number; readonly skip: number } | null,
  include: string,
): GeneratedQuery {
  const entities = entitiesOf(place.level, place.studies).filter(
    ({ instance }) => place.seriesInstanceUID === undefined || instance.seriesInstanceUID === place.seriesInstanceUID,
  );
  const kinds = kindsFor(place.level, place.above);
  const keys: Keys[] = [];
  for (const each of draws) {
    const kind = kinds[Math.floor(each.key * kinds.length)];
    const made = kind?.make(each, entities) ?? null;
    // Keys that have to do with each other are given together or not at all.
    const count = keys.reduce((sum, some) => sum + some.count, made?.count ?? 0);
    if (!made || count > mostKeys || keys.some(({ about }) => about === made.about)) continue;
    keys.push(made);
  }
  // Pages can be judged where nobody else has anything; in the letter of 2013 a page may be empty that begins beyond the limit.
  const paged = page && place.above !== 'nothing' ? { limit: page.limit, offset: Math.floor(page.skip * page.limit) } : null;
  const pairs = [
    ...keys.flatMap(({ pairs: some }) => some.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)),
    ...(include === '' ? [] : [`includefield=${include}`]),
  ];
  return {
    resource: `${place.path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`,
    level: place.level,
    entities,
    row: decisive(keys),
    mayRefuse: keys.some(each => each.mayRefuse),
    isFree: entity => keys.some(each => each.isFree(entity)),
    page: paged,
  };
}

/** The requirement of a single key; of several keys that all of them count, unless one of them is only recommended: then nothing stronger follows. */
function decisive(keys: readonly Keys[]): RequirementId {
  const [only, another] = keys;
  if (only && !another) return only.row;
  const weak = keys.find(({ row }) => asOf(requirement(row).level, homeEdition) === 'should');
  return weak?.row ?? 'QIDO-RS-6.7.1.2.1-01';
}
