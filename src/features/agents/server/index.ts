export type { AlertFacts } from './compose-prompt.ts';
export { type EvidenceTarget, linkEvidence } from './link-evidence.ts';
export type { ExecutionPlan, RunContext, RunSession } from './run-context.ts';
export { runExecution } from './run-execution.ts';
export { type SummaryOutcome, writeSummary } from './write-summary.ts';
