import { dicomObjectType, transferSyntaxOf, uncompressedBulkDataType } from '../../schemas/media-types.ts';
import { acceptedRanges, covers, refusedTypes } from './accept.ts';
import type { Call } from './context.ts';

/** A form in which pixel data or objects may be sent to a client. */
export type Form =
  | {
      readonly kind: 'objects' /** The transfer syntaxes that will do, by preference; none named: the server's choice. */;
      readonly transferSyntaxes: readonly string[];
    }
  | { readonly kind: 'octets' }
  | { readonly kind: 'streams'; readonly mediaType: string; readonly transferSyntax: string };

/** The forms that a request accepts, by preference (PS3.18-2013 6.5.1.1). All answers are multipart (6.5), so ranges of other types accept nothing here. */
export function acceptedForms(call: Call, kinds: readonly Form['kind'][]): readonly Form[] {
  const header = call.request.headers.get('Accept');
  const refused = refusedTypes(header);
  const forms = acceptedRanges(header).flatMap((range): Form[] => {
    if (!range.multipart && range.type !== '*/*') return [];
    const found: Form[] = [];
    if (kinds.includes('objects') && covers(range, dicomObjectType) && !refused.has(dicomObjectType)) {
      const { transferSyntax } = range;
      found.push({ kind: 'objects', transferSyntaxes: transferSyntax === undefined || transferSyntax === '*' ? [] : [transferSyntax] });
    }
    // Table 6.5-1 has no row for octet-stream, so it has no transfer syntax but the uncompressed one.
    if (kinds.includes('octets') && covers(range, uncompressedBulkDataType) && !refused.has(uncompressedBulkDataType)) {
      if (range.transferSyntax === undefined || range.transferSyntax.startsWith('1.2.840.10008.1.2.1')) found.push({ kind: 'octets' });
    }
    if (kinds.includes('streams')) {
      const transferSyntax = transferSyntaxOf(range.type, range.transferSyntax, call.context.edition);
      if (transferSyntax) found.push({ kind: 'streams', mediaType: range.type, transferSyntax });
    }
    return found;
  });
  return together(forms);
}

/** Objects in one transfer syntax or another are one message, so their ranges count as one form with a choice for each instance. */
function together(forms: readonly Form[]): readonly Form[] {
  const objects = forms.filter(form => form.kind === 'objects');
  const [first] = objects;
  if (!first || objects.length === 1) return forms;
  const free = objects.findIndex(form => form.transferSyntaxes.length === 0);
  const named = (free === -1 ? objects : objects.slice(0, free)).flatMap(form => form.transferSyntaxes);
  const merged: Form = { kind: 'objects', transferSyntaxes: free === -1 ? named : [...named, '*'] };
  return forms.flatMap((form): Form[] => (form === first ? [merged] : form.kind === 'objects' ? [] : [form]));
}
