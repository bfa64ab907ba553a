import { functions, ofSets } from './xpath-functions.ts';
import { BadXPath, tokens } from './xpath-tokens.ts';

/** What a reader has to know of an XPath before it is evaluated. */
export interface XPathFacts {
  /** How many nodes are visited at most in a document of so many nodes, roughly. */
  readonly cost: number;
  /** The prefixes of names. */
  readonly prefixes: ReadonlySet<string>;
}

const longest = 1000;
const deepest = 50;
/** The children that an element has on average, as far as cost goes. */
const fanOut = 8;

const axes = new Set(['child', 'attribute', 'self', 'parent', 'descendant', 'descendant-or-self', 'ancestor', 'ancestor-or-self']);
const wide = new Set(['descendant', 'descendant-or-self', 'following', 'preceding', '//']);
const siblings = ['following', 'preceding', 'following-sibling', 'preceding-sibling'];
const nodeTypes = new Set(['comment', 'text', 'processing-instruction', 'node']);
/** Reads an XPath 1.0 expression; throws BadXPath with what is wrong. */
export function readXPath(text: string, nodes: number): XPathFacts {
  if (text.length > longest) throw new BadXPath(`it has more than ${longest} characters`);
  const all = tokens(text);
  const prefixes = new Set<string>();
  let at = 0;
  const peek = (ahead = 0) => all[at + ahead]?.text;
  const kind = (ahead = 0) => all[at + ahead]?.kind;
  const fail = (): never => {
    throw new BadXPath(peek() === undefined ? 'it ends too early' : `"${peek()}" cannot stand where it stands`);
  };
  const take = (...texts: readonly string[]): string | undefined => {
    const here = peek();
    if (here === undefined || !texts.includes(here) || kind() === 'literal') return undefined;
    at += 1;
    return here;
  };
  const expect = (text: string) => take(text) ?? fail();

  let depth = 0;
  const deeper = <T>(read: () => T): T => {
    depth += 1;
    if (depth > deepest) throw new BadXPath(`it is nested more than ${deepest} deep`);
    const value = read();
    depth -= 1;
    return value;
  };
  /** Whether what was read last is a node-set. */
  let isSet = false;
  const needsSet = () => {
    if (!isSet) throw new BadXPath('it has a value where a node-set belongs');
  };

  const levels = [['or'], ['and'], ['=', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', 'div', 'mod']];
  const expression = (level = 0): number => {
    const operators = levels[level];
    if (!operators) return unary();
    let cost = expression(level + 1);
    while (kind() === 'operator' && take(...operators) !== undefined) {
      cost += expression(level + 1);
      isSet = false;
    }
    return cost;
  };
  const unary = (): number => {
    let negative = false;
    while (take('-') !== undefined) negative = true;
    let cost = path();
    while (peek() === '|') {
      needsSet();
      at += 1;
      cost += path();
      needsSet();
    }
    if (negative) isSet = false;
    return cost;
  };
  const isFunction = () => kind() === 'name' && peek(1) === '(' && !nodeTypes.has(peek() ?? '');
  const path = (): number => {
    if (kind() === 'number' || kind() === 'literal' || peek() === '(' || peek() === '$' || isFunction()) {
      let cost = primary();
      if (peek() === '[' || peek() === '/' || peek() === '//') needsSet();
      while (peek() === '[') cost += nodes * predicate();
      if (peek() === '/' || peek() === '//') cost += steps(nodes);
      return cost;
    }
    isSet = true;
    if (peek() === '/' && !startsStep(1)) {
      at += 1;
      return 1;
    }
    if (peek() === '/' || peek() === '//') return steps(1);
    return startsStep(0) ? step(1, 'child') + (peek() === '/' || peek() === '//' ? steps(nodes) : 0) : fail();
  };
  const startsStep = (ahead: number) => kind(ahead) === 'name' || ['.', '..', '@'].includes(peek(ahead) ?? '');
  const steps = (from: number): number => {
    let cost = 0;
    let size = from;
    for (let slash = take('/', '//'); slash !== undefined; slash = take('/', '//')) {
      if (!startsStep(0)) fail();
      if (slash === '//') {
        cost += size * nodes;
        size = nodes;
      }
      cost += step(size, 'child');
      size = nodes;
    }
    return cost;
  };
  const step = (size: number, usual: string): number => {
    if (take('.', '..') !== undefined) return size;
    let axis = take('@') === undefined ? usual : 'attribute';
    if (kind() === 'name' && peek(1) === '::') {
      axis = peek() ?? '';
      if (axis === 'namespace') throw new BadXPath('the namespace axis is not supported');
      if (!axes.has(axis) && !siblings.includes(axis)) fail();
      at += 2;
    }
    const name = kind() === 'name' ? (peek() ?? '') : fail();
    at += 1;
    if (take('(') !== undefined) {
      if (!nodeTypes.has(name)) fail();
      if (name === 'processing-instruction' && kind() === 'literal') at += 1;
      expect(')');
    } else if (name.includes(':')) prefixes.add(name.split(':')[0] ?? '');
    const reached = size * (wide.has(axis) ? nodes : fanOut);
    let cost = reached;
    while (peek() === '[') cost += reached * predicate();
    return cost;
  };
  const predicate = (): number => {
    expect('[');
    const cost = deeper(() => expression());
    expect(']');
    isSet = true;
    return cost;
  };
  const primary = (): number => {
    if (take('(') !== undefined) {
      const cost = deeper(() => expression());
      expect(')');
      return cost;
    }
    isSet = false;
    if (peek() === '$') throw new BadXPath('there are no variables');
    if (!isFunction()) {
      at += 1;
      return 1;
    }
    const name = peek() ?? '';
    const [fewest, most] = (Object.hasOwn(functions, name) ? functions[name] : undefined) ?? [1, 0];
    if (fewest > most) throw new BadXPath(`there is no function ${name}()`);
    at += 2;
    let given = 0;
    let cost = 1;
    if (peek() !== ')') {
      do {
        cost += deeper(() => expression());
        if (ofSets.has(name)) needsSet();
        given += 1;
      } while (take(',') !== undefined);
    }
    expect(')');
    if (given < fewest || given > most) throw new BadXPath(`${name}() has ${given} arguments`);
    isSet = name === 'id';
    return cost;
  };

  const cost = expression();
  if (at < all.length) fail();
  return { cost, prefixes };
}
