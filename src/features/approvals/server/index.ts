export { decideApproval } from './decide-approval.ts';
export { decideRuling, type Ruling } from './decide-ruling.ts';
export { expireApprovals } from './expire-approvals.ts';
export { findDecidedExecutions, readRulingFacts } from './read-ruling-facts.ts';
export { requestApproval } from './request-approval.ts';
export { approvalOperations } from './rest.ts';
export { approvalsRouter } from './router.ts';
