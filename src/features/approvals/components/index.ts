export { ApprovalCard } from './approval-card.tsx';
export { Countdown } from './countdown.tsx';
export { DecisionProvider } from './decision-context.tsx';
export { DecisionKeys } from './decision-keys.tsx';
export { DecisionLine } from './decision-line.tsx';
export {
  type DecisionRequest,
  outcomeOfItem,
  readApprovalData,
  requestOfPending,
} from './decision-request.ts';
export { PendingBar } from './pending-bar.tsx';
