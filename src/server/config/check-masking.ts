import { explainPatternProblem } from '../masking/compile-custom-pattern.ts';
import {
  isMaskingGroup,
  isMaskingPattern,
  MASKING_GROUP_NAMES,
  MASKING_PATTERN_NAMES,
} from '../masking/pattern-names.ts';
import type { Report } from './check-names.ts';
import { suggest } from './explain-issues.ts';
import type { ConfigPath } from './interpolate-env.ts';
import type { Config, MaskingSelection } from './schema.ts';

/** Beginnings of what stands for secrets, and for whole fingerprints. */
const RESERVED_KIND = /^(?:masked|fingerprint)(?:[_-]|$)/i;

/** Groups and patterns must exist, custom patterns must compile (RE2: linear time, so none can be catastrophic). */
export function checkMasking(config: Config, report: Report): void {
  for (const [name, pattern] of Object.entries(config.masking.patterns)) {
    checkPattern(pattern, ['masking', 'patterns', name], report);
  }
  for (const [name, pattern] of Object.entries(config.masking.identifiers.custom)) {
    const path = ['masking', 'identifiers', 'custom', name];
    checkPattern(pattern, path, report);
    if (RESERVED_KIND.test(name))
      report(path, JSON.stringify(name), 'a name that is not kept for TARS itself');
  }
  const shared = Object.keys(config.masking.patterns);
  checkSelection(config.defaults.masking.alerts, shared, ['defaults', 'masking', 'alerts'], report);
  for (const [name, server] of Object.entries(config.mcpServers)) {
    checkSelection(server.masking, shared, ['mcpServers', name, 'masking'], report);
  }
}

function checkSelection(
  selection: MaskingSelection,
  shared: readonly string[],
  path: ConfigPath,
  report: Report,
): void {
  for (const [index, group] of selection.groups.entries()) {
    if (isMaskingGroup(group)) continue;
    report([...path, 'groups', index], JSON.stringify(group), suggest(group, MASKING_GROUP_NAMES, 'groups'));
  }
  const known = [...MASKING_PATTERN_NAMES, ...shared];
  for (const [index, pattern] of selection.patterns.entries()) {
    if (isMaskingPattern(pattern) || shared.includes(pattern)) continue;
    report([...path, 'patterns', index], JSON.stringify(pattern), suggest(pattern, known, 'patterns'));
  }
  for (const [index, custom] of selection.custom.entries()) {
    checkPattern(custom.pattern, [...path, 'custom', index, 'pattern'], report);
  }
}

function checkPattern(pattern: string, path: ConfigPath, report: Report): void {
  const problem = explainPatternProblem(pattern);
  if (problem === null) return;
  const expected = 'a regular expression in RE2 syntax (no look-around, no back-references)';
  report(path, `${JSON.stringify(pattern)} (${problem})`, expected);
}
