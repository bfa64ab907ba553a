import { setTimeout as pause } from 'node:timers/promises';
import { check, type Fault } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { sendSearch } from '../kit/search.ts';
import { freshStudy, store, stores } from '../kit/stored.ts';

/** How long a target may take to show what it has just stored, in milliseconds. */
const patience = [0, 100, 300, 900, 1500];

/** A server that keeps the answers to searches. */
const caches: Fault = server => {
  const kept = new Map<string, Response>();
  return async request => {
    if (request.method !== 'GET' || !/\/studies\?/.test(request.url)) return server(request);
    const answer = kept.get(request.url) ?? (await server(request));
    kept.set(request.url, answer.clone());
    return answer;
  };
};

async function shows(t: Trial, resource: string, uid: string): Promise<boolean> {
  const { response } = await sendSearch(t, resource, { headers: [['Cache-Control', 'no-cache']] });
  return response.status === 200 && Buffer.from(response.body).toString('latin1').includes(uid);
}

// PS3.18-2013 6.7.1.1: with no-cache results are current. What pages do while the content changes is left open (6.7.1.2).
export const noCache = check({
  id: 'qido-rs/current/no-cache',
  title: 'With Cache-Control: no-cache a search shows what was stored since it was asked before',
  requires: ['QIDO-RS-6.7.1.1-20', 'QIDO-RS-6.7.1.2-21'],
  given: { stores },
  writes: true,
  fault: caches,
  async run(t) {
    const study = await freshStudy(t, 'search-smith');
    const { studyInstanceUID: uid } = study;
    const resource = `studies?StudyInstanceUID=${uid}`;
    if (await shows(t, resource, uid)) t.skip('the target knows the fresh UID of a study that is not stored yet');
    const page = 'studies?limit=1&offset=0';
    const before = (await sendSearch(t, page)).response.body;
    const { status } = await store(t, study.instances);
    for (const wait of patience) {
      await pause(wait);
      if (await shows(t, resource, uid)) {
        t.expect('a study that was stored after it had been searched for in vain', 'found', 'found');
        const after = (await sendSearch(t, page)).response.body;
        t.record(
          'the first page of all studies, after another one was stored',
          Buffer.compare(before, after) === 0 ? 'the same' : 'another one',
        );
        return;
      }
    }
    // A search that nobody asked before tells whether it is there at all.
    const fresh = await shows(t, `${resource}&limit=10`, uid);
    if (!fresh) t.skip(`the target does not show what it was given to store (status ${status})`);
    t.expect('a study that was stored after it had been searched for in vain, by the same search with no-cache', 'not found', 'found');
  },
});
