import type { RequirementId } from '../../schemas/requirements.ts';
import { namespaces, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import { type ClientCheck, type ClientTrial, clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import type { XmlElement } from '../kit/read/xml.ts';
import { childrenOf, childText, documentElements, documentsIn, wsRequest } from '../kit/ws-asked.ts';

const atLeastOne = satisfying('at least 1', (count: number) => count >= 1);
const uid = satisfying('a UID as it is: digits and dots, at most 64', (text: string) => /^[0-9.]{1,64}$/.test(text));

interface Level {
  readonly name: string;
  readonly namespace: string;
  /** The attribute that the level is named by; documents have a child for that. */
  readonly attribute?: string;
  readonly rows: { readonly row: RequirementId; readonly also: readonly RequirementId[] };
}

/** One or more elements of a level in an element of the level above. */
function expectLevel(t: ClientTrial, parent: XmlElement, { name, namespace, attribute, rows }: Level): readonly XmlElement[] {
  const found = childrenOf(parent, name);
  t.expect(`the number of ${name} elements in a ${parent.name}`, found.length, atLeastOne, rows);
  for (const each of found) {
    t.expect(`the namespace of a ${name}`, each.namespace, namespace, rows);
    if (attribute !== undefined) t.expect(`${attribute} of a ${name}`, each.attributes.get(attribute)?.trim() ?? 'none', uid, rows);
  }
  return found;
}

type LevelRows = readonly [study: RequirementId, series: RequirementId, document: RequirementId];

/** A check of the levels of a message, from the top down. */
function levelsOf(
  action: WsAction,
  [study, series, document]: LevelRows,
  also: readonly RequirementId[],
  wrong: (text: string) => string,
): ClientCheck {
  const { levels, namespace, name } = documentElements[action];
  const request = wsActions[action].request.name;
  return clientCheck({
    id: `wado-ws/client-documents/levels-of-${action}`,
    title: `A ${request} holds studies, which hold series, which hold ${name} elements`,
    requires: [study, ...[series, document].filter((row, i, all) => row !== study && all.indexOf(row) === i), ...also],
    wrongClient: onBody(new RegExp(`${request}>`), hearsText(wrong)),
    looks(t, exchange) {
      const asked = wsRequest(exchange);
      if (asked?.action !== action || !asked.element) return;
      const top: Level = { name: 'StudyRequest', namespace: levels, attribute: 'studyInstanceUID', rows: { row: study, also } };
      const middle: Level = { name: 'SeriesRequest', namespace: levels, attribute: 'seriesInstanceUID', rows: { row: series, also } };
      for (const each of expectLevel(t, asked.element, top))
        for (const inner of expectLevel(t, each, middle)) expectLevel(t, inner, { name, namespace, rows: { row: document, also } });
    },
  });
}

// PS3.18-2013 6.4.1.1, 6.4.2.1 and 6.4.3.1. What IHE wants of RAD-69 beyond that is not asked of those who follow PS3.18.
export const retrieveLevels = levelsOf(
  'retrieve',
  ['WADO-WS-6.4.1.1-04', 'WADO-WS-6.4.1.1-05', 'WADO-WS-6.4.1.1-06'],
  ['WADO-WS-RAD69-02'],
  text => text.replaceAll('ihe:DocumentRequest', 'iherad:DocumentRequest'),
);
export const renderedLevels = levelsOf('rendered', ['WADO-WS-6.4.2.1-03', 'WADO-WS-6.4.2.1-03', 'WADO-WS-6.4.2.1-03'], [], text =>
  text.replaceAll(/ seriesInstanceUID="[^"]*"/g, ''),
);
export const informationLevels = levelsOf('information', ['WADO-WS-6.4.3.1-03', 'WADO-WS-6.4.3.1-03', 'WADO-WS-6.4.3.1-03'], [], text =>
  text.replaceAll('wado:DocumentInformationRequest', 'ihe:DocumentRequest'),
);

/** What a document may have besides, by the permission that says so. */
type Permissions = Readonly<Partial<Record<string, RequirementId>>>;

interface Naming {
  readonly action: WsAction;
  readonly row: RequirementId;
  readonly also?: readonly RequirementId[];
  readonly repository: 'required' | 'optional';
  readonly permissions: Permissions;
  /** The permission to name several repositories. */
  readonly several?: RequirementId;
  readonly wrong: (text: string) => string;
}

/** A check of how documents are named. */
function naming({ action, row, also = [], repository, permissions, several, wrong }: Naming): ClientCheck {
  const { request } = wsActions[action];
  const optional = Object.values(permissions).flatMap(each => (each === undefined ? [] : [each]));
  return clientCheck({
    id: `wado-ws/client-documents/names-of-${action}`,
    title: `Each document of a ${request.name} has a DocumentUniqueId, which is a UID${repository === 'required' ? ', and a RepositoryUniqueId' : ''}`,
    requires: [row, ...also, ...new Set(optional), ...(several ? [several] : [])],
    wrongClient: onBody(new RegExp(`${request.name}>`), hearsText(wrong)),
    looks(t, exchange) {
      const asked = wsRequest(exchange);
      if (asked?.action !== action || !asked.element) return;
      const repositories = new Set(documentsIn(asked.element).map(document => childText(document, 'RepositoryUniqueId')));
      if (several) t.record('the repositories of the documents of a request', repositories.size > 1 ? 'several' : 'one');
      for (const document of documentsIn(asked.element)) {
        const uids = document.children.filter(child => child.name === 'DocumentUniqueId' && child.namespace === namespaces.ihe);
        t.expect(`the number of DocumentUniqueId elements of ${namespaces.ihe} in a ${document.name}`, uids.length, 1, { row, also });
        t.expect(`DocumentUniqueId of a ${document.name}`, uids[0]?.text.trim() ?? 'none', uid, { row, also });
        const home = childText(document, 'RepositoryUniqueId');
        if (repository === 'required')
          t.expect(
            `RepositoryUniqueId of a ${document.name}`,
            home ?? 'none',
            satisfying('the UID of the repository', (text: string) => text !== 'none' && text !== ''),
            { row },
          );
        for (const name of Object.keys(permissions))
          t.record(`${name} of a ${document.name}`, childText(document, name) === null ? 'left out' : 'given');
      }
    },
  });
}

// 6.4.1.1.
export const retrieveNames = naming({
  action: 'retrieve',
  row: 'WADO-WS-6.4.1.1-07',
  also: ['WADO-WS-RAD69-02'],
  repository: 'optional',
  permissions: {
    ...{ RepositoryUniqueId: 'WADO-WS-6.4.1.1-08', HomeCommunityId: 'WADO-WS-6.4.1.1-09' },
    ...{ Anonymize: 'WADO-WS-6.4.1.1-14', FrameNumber: 'WADO-WS-6.4.1.1-14' },
  },
  several: 'WADO-WS-RAD69-04',
  wrong: text => text.replaceAll('<ihe:DocumentUniqueId>', '<ihe:DocumentUniqueId>urn:oid:'),
});
// 6.4.2.1.
export const renderedNames = naming({
  action: 'rendered',
  row: 'WADO-WS-6.4.2.1-04',
  repository: 'optional',
  permissions: {},
  wrong: text => text.replaceAll(/<ihe:DocumentUniqueId>.*?<\/ihe:DocumentUniqueId>/g, ''),
});
// 6.4.3.1: here the repository has to be named.
export const informationNames = naming({
  action: 'information',
  row: 'WADO-WS-6.4.3.1-05',
  repository: 'required',
  permissions: { HomeCommunityId: 'WADO-WS-6.4.3.1-06', Anonymize: 'WADO-WS-6.4.3.1-06' },
  wrong: text => text.replaceAll(/<ihe:RepositoryUniqueId>.*?<\/ihe:RepositoryUniqueId>/g, ''),
});
