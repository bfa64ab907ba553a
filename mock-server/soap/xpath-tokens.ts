/** What is wrong with an XPath, as the end of a sentence. */
export class BadXPath extends Error {}

const token =
  /\s*(?:(\d+(?:\.\d*)?|\.\d+)|("[^"]*"|'[^']*')|(\.\.|::|\/\/|!=|<=|>=|[()[\].@,/|+\-=<>*$])|((?:[A-Za-z_][\w.-]*:)?(?:[A-Za-z_][\w.-]*|\*)(?<!:)))/y;

/** A piece of an expression. */
export interface Token {
  readonly kind: 'number' | 'literal' | 'symbol' | 'name' | 'operator';
  readonly text: string;
}

/** XPath 1.0 3.7: after what is an operand, an asterisk and a name are operators. */
export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  for (let at = 0; text.slice(at).trim() !== ''; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) throw new BadXPath(`it has "${text.slice(at, at + 20)}" where that cannot stand`);
    const [, number, literal, symbol, name] = match;
    const before = found.at(-1);
    const afterOperand =
      before !== undefined &&
      before.kind !== 'operator' &&
      !(before.kind === 'symbol' && ['@', '::', '(', '[', ',', '$'].includes(before.text));
    if (number !== undefined) found.push({ kind: 'number', text: number });
    else if (literal !== undefined) found.push({ kind: 'literal', text: literal });
    else if (name !== undefined && afterOperand && ['and', 'or', 'mod', 'div'].includes(name)) found.push({ kind: 'operator', text: name });
    else if (name !== undefined) found.push({ kind: 'name', text: name });
    else if (symbol === '*') found.push({ kind: afterOperand ? 'operator' : 'name', text: '*' });
    else if (symbol !== undefined)
      found.push({ kind: /^(\/|\/\/|\||\+|-|=|!=|<=?|>=?)$/.test(symbol) ? 'operator' : 'symbol', text: symbol });
  }
  return found;
}
