export { dispatchOrWarn } from './dispatch-notification.ts';
export { findStrandedNotifications } from './find-stranded.ts';
export { dispatchNotificationJob, sendNotificationJob } from './jobs.ts';
export {
  enqueueNotification,
  notifyApproval,
  notifyDecided,
  notifyEnded,
  notifyStarted,
} from './request-notification.ts';
export { notificationsRouter } from './router.ts';
export { sendNotification } from './send-notification.ts';
export { settleSpentDispatches } from './settle-spent-dispatches.ts';
export { testDestinations } from './test-destination.ts';
