export { categoryLooks, valenceLooks } from './memory-looks.ts';
