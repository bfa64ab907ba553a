import coverage from './json/coverage.json' with { type: 'json' };
import list from './json/list.json' with { type: 'json' };
import report from './json/report.json' with { type: 'json' };

/** The JSON Schemas (draft 2020-12) of what the command line prints with `--json`, by the name of the document. */
export const machineOutput: Readonly<Record<'report' | 'coverage' | 'list', object>> = { report, coverage, list };
