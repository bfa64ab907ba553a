import type { Element } from '../../schemas/data-set.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import type { Kind } from './compare.ts';

/** Which requirement of the DICOM JSON Model a difference from the stored object breaks. */
export function rowInJson(kind: Kind, stored: Element): RequirementId {
  switch (kind) {
    case 'absent':
    case 'fragments':
      return 'WADO-RS-6.5.6-09';
    case 'lost':
      return stored.vr === 'SQ' ? 'MODEL-JSON-F.2.3-12' : 'MODEL-JSON-F.2.4-01';
    case 'items':
      return 'MODEL-JSON-F.2.3-12';
    case 'empty':
      return stored.vr === 'SQ' ? 'MODEL-JSON-F.2.5-03' : 'MODEL-JSON-F.2.5-01';
    case 'empty item':
      return 'MODEL-JSON-F.2.5-04';
    case 'empty value':
      return stored.vr === 'PN' ? 'MODEL-JSON-F.2.5-06' : 'MODEL-JSON-F.2.5-02';
    case 'count':
      return ['LT', 'ST', 'UT'].includes(stored.vr) ? 'MODEL-JSON-F.2.4-03' : 'MODEL-JSON-F.2.4-01';
    case 'bytes':
      return 'MODEL-JSON-F.2.6-04';
    case 'tag':
      return 'MODEL-JSON-F.2.3-07';
    case 'number':
      return ['FL', 'FD'].includes(stored.vr) ? 'MODEL-JSON-F.2.3-05' : 'MODEL-JSON-F.2.3-06';
    case 'decimal':
      return 'MODEL-JSON-F.2.3-05';
    case 'characters':
      return 'MODEL-JSON-F.2-02';
    case 'name':
      return 'MODEL-JSON-PN-03';
    case 'white space':
    case 'text':
      return needsEscapes(stored) ? 'MODEL-JSON-F.1-03' : 'MODEL-JSON-F.1-04';
  }
}

const needsEscapes = (stored: Element): boolean => 'values' in stored && stored.values.some(value => /["\\\r\n]/.test(String(value)));
