import type { Exchange } from '../../harness/wire.ts';
import { mediaTypeOf, parametersOf } from '../retrieve.ts';

/** A document of text, decoded. */
export interface TextDocument {
  /** The character set that the message names, in lower case; empty when it names none. */
  readonly declared: string;
  /** The text, or null when the bytes are none in the declared character set, or that is not known. */
  readonly text: string | null;
}

/** The text of an answer: in the character set of its Content-Type, else in the one that a document of markup names, else UTF-8 or ISO 8859-1. */
export function documentOf(exchange: Exchange): TextDocument {
  const { body } = exchange.response;
  const declared = parametersOf(exchange).get('charset')?.toLowerCase() ?? '';
  const beginning = Buffer.from(body.subarray(0, 1024)).toString('latin1');
  const isMarkup = /html|xml/.test(mediaTypeOf(exchange));
  const named = isMarkup ? (/charset=["']?([\w-]+)|encoding=["']([\w-]+)/i.exec(beginning)?.slice(1).find(Boolean) ?? '') : '';
  for (const label of declared !== '' ? [declared] : named !== '' ? [named] : ['utf-8', 'iso-8859-1']) {
    const text = decode(body, label);
    if (text !== null || declared !== '') return { declared, text };
  }
  return { declared, text: null };
}

function decode(body: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What a reader sees of a document of markup: its text without tags, entities resolved, white space made single. */
export function visibleText(markup: string): string {
  return markup
    .replaceAll(/<!--[\s\S]*?-->|<(style|script|title)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) =>
      hex !== undefined || decimal !== undefined
        ? String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(hex ?? decimal ?? '0', hex === undefined ? 10 : 16)))
        : (entities[name ?? ''] ?? whole),
    )
    .replaceAll(/\s+/g, ' ')
    .trim();
}
