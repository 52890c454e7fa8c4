export { closeAbandonedEvaluations } from './close-abandoned-evaluations.ts';
export { type EvaluationEnd, finishEvaluation, runnerOf } from './finish-evaluation.ts';
export { readEvaluation } from './read-evaluation.ts';
export { recordResult } from './record-result.ts';
export { evaluationOperations } from './rest.ts';
export { evaluationsRouter } from './router.ts';
export { type RunningEvaluation, startEvaluation } from './start-evaluation.ts';
