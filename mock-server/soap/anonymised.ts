import { anonymise, NotAnonymised } from '../services/anonymise.ts';
import { type Found, problem } from '../services/documents.ts';
import type { StoredInstance } from '../storage/store.ts';
import type { Wanted } from './actions.ts';

/** The instance as it is to be delivered: anonymised where the request wants it (PS3.18-2013 8.1.7). */
export function anonymised({ document, instance, anonymises }: Wanted): Found<StoredInstance> {
  if (!document.anonymize) return { found: instance };
  if (!anonymises) return problem('noAnonymization', 'this server does not anonymise');
  try {
    return { found: anonymise(instance) };
  } catch (error) {
    if (error instanceof NotAnonymised) return problem('cannotAnonymize', error.message);
    throw error;
  }
}
