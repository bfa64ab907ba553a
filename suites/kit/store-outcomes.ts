import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { Trial } from '../harness/trial.ts';
import type { Attributes } from './compare.ts';
import { freshStudy, type StoreAnswer, store } from './stored.ts';

/** A store request, what has to become of its instances, and the answer. */
export interface Posted {
  /** The request in words. */
  readonly what: string;
  readonly answer: StoreAnswer;
  /** Instances that nothing speaks against. */
  readonly good: readonly FixtureInstance[];
  /** Instances of another study than the one in the URL, which shall be rejected (PS3.18-2013 6.6.1.1). */
  readonly bad: readonly FixtureInstance[];
}

/** Two instances that can be stored. */
export async function postGood(t: Trial): Promise<Posted> {
  const { instances: good } = await freshStudy(t, 'ct', 2);
  return { what: 'a request with two instances', answer: await store(t, good), good, bad: [] };
}

/** An instance of the study in the URL and one of another. */
export async function postMixed(t: Trial): Promise<Posted> {
  const [study, other] = [await freshStudy(t, 'ct', 1), await freshStudy(t, 'ct', 2)];
  const bad = other.instances.slice(1);
  const answer = await store(t, [...study.instances, ...bad], { study: study.studyInstanceUID });
  return { what: 'a request with one instance of the study in the URL and one of another', answer, good: study.instances, bad };
}

/** Two instances of another study than the one in the URL. */
export async function postBad(t: Trial): Promise<Posted> {
  const [study, other] = [await freshStudy(t, 'ct', 1), await freshStudy(t, 'ct', 2)];
  const answer = await store(t, other.instances, { study: study.studyInstanceUID });
  return { what: 'a request with two instances of another study than the one in the URL', answer, good: [], bad: other.instances };
}

/** A store request that was answered with a response module. */
export interface Told extends Posted {
  readonly answer: StoreAnswer & { readonly module: Attributes };
}

/** One request of each kind, as far as they are answered with a response module; skips where none is. */
export async function postForModules(t: Trial): Promise<readonly Told[]> {
  const told = (await postEachKind(t)).filter((posted): posted is Told => posted.answer.module !== null);
  if (told.length === 0) t.skip('no answer has a response module that can be read, which stow-rs/response/has-the-module judges');
  return told;
}

/** One request of each kind. */
export async function postEachKind(t: Trial): Promise<readonly Posted[]> {
  return [await postGood(t), await postMixed(t), await postBad(t)];
}
