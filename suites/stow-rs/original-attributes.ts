import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { type Attributes, differences, nameOf } from '../kit/compare.ts';
import { valueIn } from '../kit/documents.ts';
import { freshStudy, store, stores } from '../kit/stored.ts';
import { anyStatus, attributeOf } from './module.ts';

const dateTime = /^\d{4}(\d\d){0,5}(\.\d{1,6})?([+-]\d{4})?$/;

const wrongItem =
  '<Item number="1"><DicomAttribute tag="04000562" vr="DT" keyword="AttributeModificationDateTime"><Value number="1">2013-07-04T10:15:30</Value></DicomAttribute></Item>';
const wrongSequence = `<DicomAttribute tag="04000561" vr="SQ" keyword="OriginalAttributesSequence">${wrongItem}</DicomAttribute>`;

function itemsOf(attributes: Attributes, keyword: string): readonly Attributes[] {
  const content = attributeOf(attributes, keyword)?.content;
  return content?.kind === 'items' ? content.items : [];
}

// PS3.18-2013 Table 6.6.1-2: the sequence may be returned; its attributes are of type 1.
export const inTheModule = check({
  id: 'stow-rs/original-attributes/in-the-module',
  title: 'An Original Attributes Sequence in the response module is complete',
  requires: [
    'STOW-RS-6.6.1.3.2-27',
    'STOW-RS-6.6.1.3.2-28',
    'STOW-RS-6.6.1.3.2-29',
    'STOW-RS-6.6.1.3.2-30',
    'STOW-RS-6.6.1.3.2-26',
    'STOW-RS-6.6.1.3.2-03',
    'STOW-RS-6.6.1.2-05',
  ],
  given: { stores },
  writes: true,
  fault: anyStatus(text => text.replaceAll(/(00081199[\s\S]*)/g, all => all.replaceAll('</Item>', `${wrongSequence}</Item>`))),
  async run(t) {
    const { instances } = await freshStudy(t, 'mixed');
    const { stored } = await store(t, instances);
    const told = stored.map(item => ({
      instance: instances.find(({ sopInstanceUID }) => sopInstanceUID === item.sopInstanceUID),
      originals: itemsOf(item.attributes, 'OriginalAttributesSequence'),
    }));
    t.record(
      'items of Original Attributes Sequence (0400,0561) in the response module',
      String(told.flatMap(each => each.originals).length),
    );
    const required: readonly (readonly [string, RequirementId, RegExp, string])[] = [
      ['AttributeModificationDateTime', 'STOW-RS-6.6.1.3.2-27', dateTime, 'a DT value'],
      ['ModifyingSystem', 'STOW-RS-6.6.1.3.2-28', /./, 'a value'],
      ['ReasonForTheAttributeModification', 'STOW-RS-6.6.1.3.2-29', /^[A-Z0-9_ ]{1,16}$/, 'a CS value'],
    ];
    for (const { instance, original, alone } of told.flatMap(({ instance, originals }) =>
      originals.map(original => ({ instance, original, alone: originals.length === 1 })),
    )) {
      for (const [keyword, row, form, words] of required) {
        const fits = satisfying(words, (value: string) => form.test(value));
        t.expect(`${nameOf(tagOf(keyword))} in an item of Original Attributes Sequence`, valueIn(original, keyword), fits, { row });
      }
      const modified = itemsOf(original, 'ModifiedAttributesSequence');
      const row = 'STOW-RS-6.6.1.3.2-30';
      t.expect('the items of Modified Attributes Sequence (0400,0550)', modified.length, 1, { row });
      // Of several modifications, one after the other, only the first found what was sent.
      if (!alone || !instance) continue;
      const previous = new Map([...instance.dataSet].filter(([tag]) => modified[0]?.some(attribute => attribute.tag === tag)));
      const others = differences(previous, modified[0] ?? []).map(({ where }) => where);
      t.expect('the values in Modified Attributes Sequence (0400,0550) that are not those that were sent', others, [], { row });
    }
  },
});
