export { findStrandedNotifications } from './find-stranded.ts';
export { sendNotificationJob } from './jobs.ts';
export { enqueueNotification, notifyApproval, notifyEnded, notifyStarted } from './request-notification.ts';
export { notificationsRouter } from './router.ts';
export { sendNotification } from './send-notification.ts';
export { testSlack } from './test-slack.ts';
