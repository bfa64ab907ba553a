import { createMockServer, endpointsAt, type MockServer } from '../../mock-server/index.ts';
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
