import { models } from './requirements/models.ts';
import { qidoRs } from './requirements/qido-rs.ts';
import type { Requirement } from './requirements/requirement.ts';
import { stowRs } from './requirements/stow-rs.ts';
import { wadoRs } from './requirements/wado-rs.ts';
import { wadoUri } from './requirements/wado-uri.ts';
import { wadoWs } from './requirements/wado-ws.ts';

/** All requirements by the file that holds them. */
export const requirementFiles = {
  models,
  'qido-rs': qidoRs,
  'stow-rs': stowRs,
  'wado-rs': wadoRs,
  'wado-uri': wadoUri,
  'wado-ws': wadoWs,
} as const;

type Files = typeof requirementFiles;

/** The id of a requirement; an unknown id does not compile. */
export type RequirementId = { [F in keyof Files]: keyof Files[F] & string }[keyof Files];

const all: Readonly<Record<string, Requirement>> = Object.assign({}, ...Object.values(requirementFiles));

/** Every requirement id, in the order of the files. */
export const requirementIds = Object.keys(all) as readonly RequirementId[];

/** The requirement with this id. */
export function requirement(id: RequirementId): Requirement {
  return all[id] as Requirement;
}

/** Whether `text` is the id of a requirement. */
export function isRequirementId(text: string): text is RequirementId {
  return Object.hasOwn(all, text);
}
