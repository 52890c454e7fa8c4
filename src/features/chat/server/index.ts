export { answerQuestion } from './answer-question.ts';
export { chatOperations } from './rest.ts';
export { chatRouter } from './router.ts';
