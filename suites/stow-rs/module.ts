import { tagOf } from '../../schemas/dictionary.ts';
import type { Fault } from '../harness/check.ts';
import type { Attribute, Attributes } from '../kit/compare.ts';
import { answers, on } from '../kit/faults.ts';

/** Whether it is a store request. */
export const posts = (request: Request): boolean => request.method === 'POST';

/** The attribute with this keyword at the top of a module or of an item. */
export function attributeOf(attributes: Attributes, keyword: string): Attribute | undefined {
  return attributes.find(({ tag }) => tag === tagOf(keyword));
}

/** A server that sends other text as the body of its answers to store requests, whatever their status. */
export function anyStatus(change: (text: string) => string): Fault {
  return on(
    posts,
    answers(async response => {
      const headers = new Headers(response.headers);
      headers.delete('Content-Length');
      return new Response(change(await response.text()), { status: response.status, headers });
    }),
  );
}
