import type { Check } from './check.ts';

/** The checks whose id is one of the selections or lies below one; all of them when there is no selection. */
export function select(checks: readonly Check[], selections: readonly string[]): readonly Check[] {
  if (selections.length === 0) return checks;
  return checks.filter(({ id }) => selections.some(selection => matches(id, selection)));
}

/** Whether a selection, a check's id or its beginning, covers the id. */
export function matches(id: string, selection: string): boolean {
  const prefix = selection.replace(/\/+$/, '');
  return id === prefix || id.startsWith(`${prefix}/`);
}
