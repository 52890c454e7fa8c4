/** What all agents of a stage together may take of the context of the model that combines them. */
export const SYNTHESIS_CONTEXT_SHARE = 0.6;
/** Of one entry of an agent's timeline the synthesis reads this much. */
export const SYNTHESIS_RESULT_MAX_CHARS = 600;
/** Decisions that may come one after the other just as a session is about to wait. */
export const MAX_PARK_ROUNDS = 100;
