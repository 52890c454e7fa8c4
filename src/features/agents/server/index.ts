export type { AlertFacts } from './compose-prompt.ts';
export { type EvidenceTarget, linkEvidence } from './link-evidence.ts';
export type { RunContext, RunSession } from './run-context.ts';
export { type ExecutionPlan, runExecution } from './run-execution.ts';
export { type SummaryOutcome, writeSummary } from './write-summary.ts';
