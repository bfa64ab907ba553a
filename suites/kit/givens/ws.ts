import { repositoryUniqueId } from '../../../fixtures/uids.ts';
import { explicitBigEndian, explicitLittleEndian, implicitLittleEndian, transferSyntaxes } from '../../../schemas/transfer-syntaxes.ts';
import { jpipSyntaxes, laterRenderedStem, unknownRepository, type WsAction, wsActions } from '../../../schemas/wado-ws.ts';
import type { Given } from '../../harness/given.ts';
import { Skip } from '../../harness/outcome.ts';
import type { Trial } from '../../harness/trial.ts';
import { firstOf } from '../finding.ts';
import { anyInstance, type InstanceUids } from '../retrieve.ts';
import { askWs, type WsAnswer, wordsFor } from '../ws.ts';
import { syntaxList, type WantedDocument } from '../ws-request.ts';
import { fixture } from './fixture.ts';

/** An action that the target offers, with what its requests need. */
export interface Desk {
  readonly action: WsAction;
  /** The spelling of the action that the target takes. */
  readonly uri: string;
  /** Whether requests go as MTOM packages. */
  readonly packaged: boolean;
  /** The Repository Unique ID that requests name; null where they name none. */
  readonly repository: string | null;
  /** Some instance that the target holds. */
  readonly instance: InstanceUids;
  /** A document as the requests of the action name it. */
  want(of: InstanceUids, more?: Partial<WantedDocument>): WantedDocument;
  /** A minimal request for documents, and more options. */
  ask(t: Trial, documents: readonly WantedDocument[], options?: Parameters<typeof askWs>[3]): Promise<WsAnswer>;
}

const usual: Readonly<Record<WsAction, string>> = {
  retrieve: '',
  rendered: '<wado:ContentTypeList><wado:ContentType>image/jpeg</wado:ContentType></wado:ContentTypeList>',
  information: '<wado:XPath>/</wado:XPath>',
};

/** Every transfer syntax that an object may come in (PS3.18-2013 8.2.11), so that what is stored in any of them can be delivered; Explicit VR Little Endian first. */
const everySyntax = [
  explicitLittleEndian,
  ...transferSyntaxes
    .map(({ uid }) => uid)
    .filter(uid => ![explicitLittleEndian, implicitLittleEndian, explicitBigEndian, ...jpipSyntaxes].includes(uid)),
];

/** 8.2.11 and IHE RAD-69: the list under the root. */
const lastOf = (action: WsAction): string => (action === 'retrieve' ? syntaxList(everySyntax) : '');

/** The spellings of an action that are met: as PS3.18-2013 prints it, then those of later practice and of its own examples. */
export const spellings: Readonly<Record<WsAction, readonly string[]>> = {
  retrieve: [wsActions.retrieve.request.action, 'urn:ihe:iti:2007:RetrieveDocumentSet'],
  rendered: [
    wsActions.rendered.request.action,
    `${laterRenderedStem}${wsActions.rendered.name}`,
    `urn:ihe:iti:2007:${wsActions.rendered.name}`,
  ],
  information: [
    wsActions.information.request.action,
    `${laterRenderedStem}RetrieveImagingDocumentSetInformation`,
    `${laterRenderedStem}RetrieveImagingDocumentSetMetadata`,
  ],
};

function deskFor({
  action,
  uri,
  repository,
  instance,
  packaged,
}: Pick<Desk, 'action' | 'uri' | 'repository' | 'instance' | 'packaged'>): Desk {
  return {
    ...{ action, uri, repository, instance, packaged },
    want: ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }, more = {}) => ({
      ...{ studyInstanceUID, seriesInstanceUID, sopInstanceUID, repository, inside: usual[action] },
      ...more,
    }),
    ask: (t, documents, options = {}) => askWs(t, action, documents, { action: uri, packaged, last: lastOf(action), ...options }),
  };
}

/** An instance of the fixtures, which every server has to deliver, or whatever the target holds. */
const someInstance: Given<{ readonly instance: InstanceUids; readonly ofFixtures: boolean }> = {
  key: 'some instance for WADO-WS',
  async provide(t) {
    try {
      return { instance: firstOf(await t.given(fixture('ct'))), ofFixtures: true };
    } catch (error) {
      if (!(error instanceof Skip)) throw error;
    }
    return { instance: await t.given(anyInstance), ofFixtures: false };
  },
};

interface Probed {
  readonly desks: readonly Desk[];
  /** The actions that withhold an instance which is none of the fixtures, with the error: it may be off line, or nothing that can be rendered. */
  readonly withheld: ReadonlyMap<WsAction, string>;
  /** What the target answers to the actions that it does not offer. */
  readonly refusals: ReadonlyMap<WsAction, string>;
}

const actions = Object.keys(wsActions) as readonly WsAction[];

const isForeign = ({ errors, documents }: WsAnswer): boolean =>
  documents.length === 0 && errors.some(({ errorCode }) => errorCode.endsWith(unknownRepository));

/** The way in which a target takes an action: the first spelling that it answers with a response; null with its words where it takes none. */
async function tried(t: Trial, how: Pick<Desk, 'action' | 'repository' | 'instance' | 'packaged'>): Promise<Tried> {
  let words = '';
  for (const uri of spellings[how.action]) {
    const desk = deskFor({ ...how, uri });
    const answer = await desk.ask(t, [desk.want(how.instance)]);
    if (answer.element !== null) return { desk, answer };
    words ||= wordsFor(answer);
  }
  return { action: how.action, words };
}

type Tried = { readonly desk: Desk; readonly answer: WsAnswer } | { readonly action: WsAction; readonly words: string };

/** Asks for one instance by each action: which of them are offered, and by which Repository Unique ID documents are had. */
const probe: Given<Probed> = {
  key: 'the actions of WADO-WS',
  async provide(t) {
    const { instance, ofFixtures } = await t.given(someInstance);
    const candidates = t.target.repository === undefined ? [repositoryUniqueId, null] : [t.target.repository];
    // IHE wants requests to be packaged, PS3.18 is silent; a target that takes only the other form is spoken to in that.
    const ways = [true, false].flatMap(packaged => candidates.map(repository => ({ packaged, repository })));
    let known: Probed | undefined;
    let foreign = false;
    for (const way of ways) {
      const answers = await Promise.all(actions.map(action => tried(t, { action, instance, ...way })));
      const offered = answers.flatMap(each => ('desk' in each ? [each] : []));
      const refusals = new Map(answers.flatMap(each => ('desk' in each ? [] : [[each.action, each.words] as const])));
      const empty = offered.filter(({ answer }) => !ofFixtures && answer.documents.length === 0);
      const withheld = new Map(empty.map(({ desk, answer }) => [desk.action, answer.errors[0]?.errorCode ?? 'no error'] as const));
      const found = { desks: offered.map(({ desk }) => desk), withheld, refusals };
      if (offered.some(({ answer }) => answer.documents.length > 0)) return found;
      if (known === undefined || (known.desks.length === 0 && offered.length > 0)) known = found;
      foreign ||= offered.some(({ answer }) => isForeign(answer));
      if (offered.length > 0 && !foreign) break;
    }
    if (foreign) t.skip('the target answers to another Repository Unique ID: give it with --repository UID');
    return known ?? t.skip('the target was not asked');
  },
};

const howToName = 'name a study of images with --study UID, or allow storing the fixtures with --write';

/** The desk of an action; skips where the target does not offer it, which it is free to do (PS3.18-2013 6.4). */
function deskOf(action: WsAction): Given<Desk> {
  return {
    key: `the action ${wsActions[action].name}`,
    async provide(t) {
      const { desks, withheld, refusals } = await t.given(probe);
      const error = withheld.get(action);
      if (error !== undefined)
        t.skip(`the target does not deliver an instance that it holds by ${wsActions[action].name} (${error}): ${howToName}`);
      return (
        desks.find(desk => desk.action === action) ??
        t.skip(`the target does not offer ${wsActions[action].name}: it answers it with ${refusals.get(action)}`)
      );
    },
  };
}

export const retrieveDesk = deskOf('retrieve');
export const renderedDesk = deskOf('rendered');
export const informationDesk = deskOf('information');

/** The desks of all actions that the target offers, at least one. */
export const allDesks: Given<readonly Desk[]> = {
  key: 'all actions of WADO-WS',
  async provide(t) {
    const { desks: offered, withheld, refusals } = await t.given(probe);
    const desks = offered.filter(({ action }) => !withheld.has(action));
    if (offered.length > 0 && desks.length === 0) t.skip(`the target does not deliver an instance that it holds: ${howToName}`);
    if (desks.length === 0) t.skip(`the target offers no action of WADO-WS: it answers with ${[...refusals.values()][0]}`);
    return desks;
  },
};

/** The desks of the actions that deliver content, at least one. */
export const deliveringDesks: Given<readonly Desk[]> = {
  key: 'delivering actions of WADO-WS',
  async provide(t) {
    const desks = (await t.given(allDesks)).filter(({ action }) => action !== 'information');
    if (desks.length === 0) t.skip('the target offers no action of WADO-WS that delivers documents');
    return desks;
  },
};

/** What the target answers to each action that it does not offer; for the check that it offers one. */
export const refusedActions: Given<ReadonlyMap<WsAction, string>> = {
  key: 'refused actions of WADO-WS',
  provide: async t => (await t.given(probe)).refusals,
};
