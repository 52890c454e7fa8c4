/** One problem of the configuration, precise enough to fix it without reading the code. */
export interface ConfigIssue {
  /** File as given to the loader plus its name; null when the problem belongs to no single file. */
  readonly file: string | null;
  /** 1-based; null when unknown. */
  readonly line: number | null;
  /** `chains.kubernetes.stages[0].agents[0].name`; empty for the whole document. */
  readonly path: string;
  /** What is there, shortened; secrets are never echoed. */
  readonly found: string;
  /** What would be right. */
  readonly expected: string;
}

/** `config/tars.yaml:12 chains.a.stages: found an empty list, expected at least one stage` */
export function formatConfigIssue(issue: ConfigIssue): string {
  const place = issue.file === null ? '' : `${issue.file}${issue.line === null ? '' : `:${issue.line}`} `;
  const path = issue.path === '' ? '' : `${issue.path}: `;
  return `${place}${path}found ${issue.found}, expected ${issue.expected}`;
}

/** The configuration cannot be used. Carries every problem found, not only the first. */
export class ConfigError extends Error {
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    const count = issues.length === 1 ? '1 problem' : `${issues.length} problems`;
    super(
      `Invalid configuration (${count}):\n${issues.map((issue) => `  ${formatConfigIssue(issue)}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.issues = issues;
  }
}
