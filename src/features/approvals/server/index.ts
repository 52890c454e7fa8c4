export { decideApproval } from './decide-approval.ts';
export { decideRuling, type Ruling } from './decide-ruling.ts';
export { expireApprovals } from './expire-approvals.ts';
export { type Pause, readPauses } from './read-pauses.ts';
export { readRulingFacts } from './read-ruling-facts.ts';
export { requestApproval, requestPause } from './request-approval.ts';
export { approvalOperations } from './rest.ts';
export { approvalsRouter } from './router.ts';
