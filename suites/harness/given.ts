import type { Trial } from './trial.ts';

/** Something a target must have before a check can be made, found or made once per run. */
export interface Given<V> {
  /** Tells equal givens from different ones. */
  readonly key: string;
  /** Finds it on the target, or skips with a sentence that says how to provide it. */
  provide(t: Trial): Promise<V>;
}

export type Givens = Readonly<Record<string, Given<unknown>>>;

/** The values of givens, under the same names. */
export type Provided<G extends Givens> = { readonly [K in keyof G]: G[K] extends Given<infer V> ? V : never };
