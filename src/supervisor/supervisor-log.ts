/** What the supervisor says; a pino logger fits. */
export type SupervisorLog = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;
