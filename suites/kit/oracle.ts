import { createMockServer, endpointsAt, type MockServer } from '../../mock-server/index.ts';
import { inThread } from '../../mock-server/mount/thread.ts';
import { type Edition, homeEdition } from '../../schemas/editions.ts';
import type { Fault } from '../harness/check.ts';
import type { Target } from '../harness/target.ts';
import { inProcess, type Limits } from '../harness/transport.ts';

const base = 'http://mock.invalid';

/** A mock server with the fixtures and nothing else: the one door from the suites to the mock server. */
export function oracle(edition: Edition = homeEdition): MockServer {
  return createMockServer({ edition });
}

/** A mock server as a target without a socket, made wrong by a fault if one is given. */
export function embeddedTarget(edition: Edition = homeEdition, fault?: Fault, limits?: Limits): Target {
  const { fetch } = oracle(edition);
  return { endpoints: endpointsAt(base), transport: inProcess(fault ? fault(fetch) : fetch, limits), holdsFixtures: true };
}

/** The same in a thread of its own, which halves the time of a run on two cores. */
export function threadedTarget(edition: Edition, limits: Limits): Target {
  const { fetch, close } = inThread(edition);
  return { endpoints: endpointsAt(base), transport: { ...inProcess(fetch, limits), close }, holdsFixtures: true };
}
