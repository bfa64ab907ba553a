import type { FixtureInstance, FixtureStudy } from '../../../fixtures/recipe.ts';
import type { DataSet } from '../../../schemas/data-set.ts';
import { tagOf } from '../../../schemas/dictionary.ts';
import type { SearchLevel } from '../../../schemas/search-attributes.ts';
import { uidOf } from '../../kit/found.ts';

/** Something of the fixtures that a search can find. */
export interface Entity {
  readonly uid: string;
  readonly name: string;
  /** The instance that it is described by. */
  readonly instance: FixtureInstance;
  readonly study: FixtureStudy;
}

/** The studies, series or instances of fixture studies. */
export function entitiesOf(level: SearchLevel, studies: readonly FixtureStudy[]): readonly Entity[] {
  const found = new Map<string, Entity>();
  for (const study of studies) {
    for (const instance of study.instances) {
      const uid = instance[uidOf[level]];
      if (!found.has(uid))
        found.set(uid, { uid, name: level === 'study' ? study.name : `${study.name}/${instance.name}`, instance, study });
    }
  }
  return [...found.values()];
}

/** The values that an entity has at a path of keywords, those of every item; empty ones left out. Modalities in Study is not stored but gathered. */
export function valuesOf({ study, instance }: Pick<Entity, 'study' | 'instance'>, path: string): readonly string[] {
  const sets = path === 'ModalitiesInStudy' ? study.instances.map(each => each.dataSet) : [instance.dataSet];
  const values = sets.flatMap(set => valuesAt(set, (path === 'ModalitiesInStudy' ? 'Modality' : path).split('.')));
  return [...new Set(values)];
}

function valuesAt(dataSet: DataSet, [keyword = '', ...rest]: readonly string[]): readonly string[] {
  const element = dataSet.get(tagOf(keyword));
  if (element && 'items' in element) return element.items.flatMap(item => valuesAt(item, rest));
  return element && 'values' in element ? element.values.map(String).filter(value => value !== '') : [];
}
