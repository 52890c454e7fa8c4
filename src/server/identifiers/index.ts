/** Names that models must not see: the public surface. */
export { generaliseIdentifiers } from './generalise.ts';
export { loadSessionIdentifiers, openIdentifiers } from './load-identifiers.ts';
export { explainUnknown } from './reveal-arguments.ts';
export { createSessionIdentifiers, type SessionIdentifiers } from './session-identifiers.ts';
export {
  createSessionMasker,
  loadSessionMasker,
  type SessionMasker,
  withIdentifiers,
} from './session-masker.ts';
export { splitSearch } from './split-search.ts';
