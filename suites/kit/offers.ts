import type { Given } from '../harness/given.ts';
import type { Trial } from '../harness/trial.ts';

/** A UID under which no server has anything. */
export const unknownUid = '2.25.1';

const refusals = [404, 405, 501];

function offered(service: string, name: string, probe: (t: Trial) => Promise<number>): Given<true> {
  return {
    key: `offers ${service}`,
    async provide(t) {
      if (t.claims(service)) return true;
      const status = await probe(t);
      if (refusals.includes(status))
        t.skip(`the target does not offer ${name} (status ${status}): if it should, say so with --claim ${service}`);
      return true;
    },
  };
}

/** A service with an endpoint of its own: whoever names its URL claims it. */
function named(service: string, name: string): Given<true> {
  return {
    key: `offers ${service}`,
    async provide(t) {
      if (t.target.endpoints[service] === undefined) t.skip(`the URL of ${name} is not known: give it with --${service} URL`);
      return true;
    },
  };
}

/** By service: whether the target offers it. What the user claims is taken for granted, so that an absent service fails instead of being skipped. */
export const offers: Readonly<Record<string, Given<true>>> = {
  'qido-rs': offered('qido-rs', 'QIDO-RS', async t => (await t.get('studies?limit=1')).response.status),
  // An unknown study may be answered 404 by a server that has the service.
  'wado-rs': offered('wado-rs', 'WADO-RS', async t => {
    const { status } = (await t.get(`studies/${unknownUid}`)).response;
    return status === 404 ? 200 : status;
  }),
  'stow-rs': offered(
    'stow-rs',
    'STOW-RS',
    async t => (await t.send({ method: 'POST', to: 'studies', headers: { 'Content-Type': 'text/plain' } })).response.status,
  ),
  'wado-uri': named('wado-uri', 'WADO-URI'),
  'wado-ws': named('wado-ws', 'WADO-WS'),
  // What IHE asks beyond PS3.18 is asked only of those who say that they follow IHE.
  'rad-69': {
    key: 'offers rad-69',
    async provide(t) {
      if (t.target.endpoints['wado-ws'] === undefined) t.skip('the URL of WADO-WS is not known: give it with --wado-ws URL');
      if (!t.claims('rad-69')) t.skip('nobody says that the target follows IHE RAD-69: say so with --claim rad-69');
      return true;
    },
  },
};
