export { fromAlertmanager, fromPostAlert } from './normalise-alert.ts';
export { type PreparedAlert, prepareAlert } from './prepare-alert.ts';
export { receiveAlert } from './receive-alert.ts';
export { alertOperations } from './rest.ts';
export { alertsRouter } from './router.ts';
export { startInvestigation } from './start-investigation.ts';
