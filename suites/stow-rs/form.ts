import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check } from '../harness/check.ts';
import { postForModules } from '../kit/store-outcomes.ts';
import { type StoreAnswer, stores } from '../kit/stored.ts';
import { anyStatus } from './module.ts';

/** Which requirement of the response module each defect of a Native DICOM Model document breaks, the more general rows last. */
type Meaning = readonly (readonly [model: RequirementId, module: RequirementId])[];

interface Form {
  readonly claim: string;
  readonly title: string;
  readonly meaning: Meaning;
  /** What a wrong server does to the text of the module. */
  readonly wrong: (text: string) => string;
  /** Defects that are not those of every document. */
  readonly more?: (answer: StoreAnswer) => readonly string[];
}

// PS3.19-2013 A.1.5 and A.1.6 hold for the response module; the example of PS3.18-2013 6.6.1.3.2.2 shows it.
function form({ claim, title, meaning, wrong, more = () => [] }: Form): Check {
  const [first, ...rest] = [...new Set(meaning.map(([, module]) => module))];
  if (first === undefined) throw new Error(`${claim} judges nothing`);
  return check({
    id: `stow-rs/form/${claim}`,
    title,
    requires: [first, ...rest],
    given: { stores },
    writes: true,
    fault: anyStatus(wrong),
    async run(t) {
      let inXml = 0;
      for (const { what, answer } of await postForModules(t)) {
        t.record(`the body of the answer to ${what}`, answer.form);
        if (answer.form !== 'xml') continue;
        inXml += 1;
        for (const row of [first, ...rest]) {
          const rows = meaning.flatMap(([model, module]) => (module === row ? [model] : []));
          const told = answer.defects.filter(defect => rows.includes(defect.row)).map(defect => defect.what);
          const found = [...new Set([...told, ...(row === first ? more(answer) : [])])];
          t.expect(`the defects in the response module for ${what}`, found.slice(0, 3), [], { row });
        }
      }
      if (inXml === 0) t.skip('the target sends its response modules in another form than XML');
    },
  });
}

const textOf = ({ exchange }: StoreAnswer): string => Buffer.from(exchange.response.body).toString('latin1');

export const root = form({
  claim: 'root',
  title: 'The response module is a well-formed document with the root element and namespace of the Native DICOM Model',
  meaning: [
    ['MODEL-XML-A.1.5-01', 'STOW-RS-6.6.1.3.2.2-01'],
    ['MODEL-XML-A.1.5-03', 'STOW-RS-6.6.1.3.2.2-01'],
    ['MODEL-XML-A.1.1-01', 'STOW-RS-6.6.1.3.2.2-01'],
  ],
  wrong: text => text.replace(/ xmlns="[^"]*"/, ' xmlns="http://example.com/NativeDicomModel"'),
});

export const tags = form({
  claim: 'tags-and-keywords',
  title: 'The attributes of the response module have tags of eight hexadecimal digits in upper case, and keywords',
  meaning: [
    ['MODEL-XML-A.1.5-05', 'STOW-RS-6.6.1.3.2.2-02'],
    ['MODEL-XML-A.1.5-10', 'STOW-RS-6.6.1.3.2.2-03'],
  ],
  wrong: text => text.replaceAll('keyword="RetrieveURL"', 'keyword="Retrieve URL"'),
});

export const numbers = form({
  claim: 'numbers',
  title: 'The values and items of the response module are numbered from 1',
  meaning: [['MODEL-XML-A.1.5-15', 'STOW-RS-6.6.1.3.2.2-05']],
  wrong: text => text.replaceAll('<Item number="1"', '<Item number="0"'),
});

export const whiteSpace = form({
  claim: 'white-space',
  title: 'The response module says xml:space="preserve"',
  meaning: [['MODEL-XML-A.1.5-02', 'STOW-RS-6.6.1.3.2.2-06']],
  wrong: text => text.replace(/ xml:space="preserve"/, ''),
});

// A.1.5 leaves vr to the sender and the schema of A.1.6 does not.
export const representations = form({
  claim: 'value-representations-are-given',
  title: 'The attributes of the response module have a VR',
  meaning: [['MODEL-XML-A.1.5-09', 'STOW-RS-6.6.1.3.2.2-04']],
  wrong: text => text.replaceAll(/ vr="UI"/g, ''),
  more: answer => {
    const without = textOf(answer).match(/<(\w+:)?DicomAttribute\b(?![^>]*\svr\s*=)[^>]*>/g) ?? [];
    return without.length === 0 ? [] : [`${without.length} attributes have no vr`];
  },
});

export const sequences = form({
  claim: 'sequences-have-items',
  title: 'The sequences of the response module hold Item elements, not values',
  meaning: [
    ['MODEL-XML-A.1.5-16', 'STOW-RS-6.6.1.3.2.2-09'],
    ['MODEL-XML-A.1.5-17', 'STOW-RS-6.6.1.3.2.2-09'],
  ],
  wrong: text =>
    text.replace(
      /(keyword="ReferencedSOPSequence"[^>]*>)[\s\S]*?(<\/DicomAttribute>\s*<\/NativeDicomModel>)/,
      '$1<Value number="1">all</Value>$2',
    ),
});
