import { type CorpusName, studyNamed } from '../../../fixtures/corpus.ts';
import type { FixtureStudy } from '../../../fixtures/recipe.ts';
import type { Given } from '../../harness/given.ts';
import type { Trial } from '../../harness/trial.ts';
import { acceptJson, acceptXml } from '../media.ts';
import { storing } from '../store.ts';
import { uriQuery } from '../uri-query.ts';

/** A study of the fixtures, on the target: found there, or stored if writing is allowed. */
export function fixture(name: CorpusName): Given<FixtureStudy> {
  return {
    key: `fixture ${name}`,
    async provide(t) {
      const study = studyNamed(name);
      if (t.target.holdsFixtures || (await holds(t, study))) return study;
      if (!t.mayWrite) {
        t.skip(
          `the target does not hold the fixture study "${name}": allow storing it with --write, or load the files that \`conformance fixtures DIR\` writes`,
        );
      }
      const { response } = await t.send(storing(study.instances.map(instance => instance.part10())));
      if (!(await holds(t, study)))
        t.skip(`the target did not keep the fixture study "${name}" (status ${response.status} to the store request)`);
      return study;
    },
  };
}

/**
 * Whether every instance of the study is there. Metadata and search are both asked, since either may be what is broken, and their text is only searched for the UIDs,
 * so that defects of its form are left to the checks that judge them.
 */
async function holds(t: Trial, study: FixtureStudy): Promise<boolean> {
  const resources = [
    [`studies/${study.studyInstanceUID}/metadata`, acceptXml],
    [`studies/${study.studyInstanceUID}/instances`, acceptJson(t.edition)],
    [`studies/${study.studyInstanceUID}/metadata`, acceptJson('2016c')],
  ] as const;
  for (const [resource, accept] of resources) {
    const { response } = await t.get(resource, { Accept: accept });
    if (response.status !== 200) continue;
    const text = Buffer.from(response.body).toString('latin1');
    if (study.instances.every(({ sopInstanceUID }) => text.includes(sopInstanceUID))) return true;
  }
  return t.target.endpoints['wado-uri'] !== undefined && (await holdsByUri(t, study));
}

/** Whether WADO-URI gives every instance of the study, for targets that have nothing RESTful. */
async function holdsByUri(t: Trial, study: FixtureStudy): Promise<boolean> {
  for (const instance of study.instances) {
    const to = uriQuery(instance, { contentType: 'application/dicom' });
    const { status } = (await t.send({ to, endpoint: 'wado-uri', headers: { Accept: '*/*' } })).response;
    if (status !== 200) return false;
  }
  return true;
}
