/** Where evaluations and their investigations are kept. */
export const EVALUATIONS_PROJECT = { slug: 'evaluations', name: 'Evaluations' } as const;
