import { endpointsAt } from '../mock-server/http/roots.ts';
import { inThread } from '../mock-server/mount/thread.ts';
import type { Edition } from '../schemas/editions.ts';
import type { Target } from '../suites/harness/target.ts';
import { handedTo, type Limits } from '../suites/harness/transport.ts';

/** The mock server in a thread of its own as a target: on two cores it works while the judge does. Nothing here loads the mock server into this thread. */
export function threadedTarget(edition: Edition, limits: Limits): Target {
  const { answer, close } = inThread(edition);
  return { endpoints: endpointsAt('http://mock.invalid'), transport: { ...handedTo(answer, limits), close }, holdsFixtures: true };
}
