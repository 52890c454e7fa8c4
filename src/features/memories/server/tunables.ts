/** Candidates that each way of finding contributes. */
export const CANDIDATES_PER_WAY = 20;
/** The constant of reciprocal rank fusion (Cormack et al., 2009): how little the first ranks stand out. */
export const RANK_FUSION_K = 60;
/** A memory that nothing has confirmed for this long counts half. */
export const HALF_LIFE_DAYS = 90;
/** Vectors that point this little the same way are about different things, whatever their rank. */
export const MIN_COSINE = 0.3;
/** Newest memories whose vectors are compared: 5,000 of 1,536 numbers take some 30 ms. */
export const VECTORS_COMPARED_MAX = 5_000;
/** Memories without a vector of today's model that one look-up adds; the rest follows with the next. */
export const EMBED_MISSING_MAX = 64;
/** Words of a look-up; more find no more. */
export const QUERY_WORDS_MAX = 40;
/** Words that a memory must share with a look-up of at least so many: one alone ("pod") says nothing. */
export const MIN_SHARED_WORDS = 2;
/** Memories that whoever reflects is shown, to confirm or to contradict. */
export const REFLECTION_MEMORIES_MAX = 20;
/** New memories from one reflection: what is worth keeping is little. */
export const REFLECTION_CREATES_MAX = 3;
/** Answers of the model that cannot be read until the reflection is given up. */
export const REFLECTION_ATTEMPTS = 2;
export const REFLECTION_MAX_OUTPUT_TOKENS = 2_000;
/** Of an analysis, for reflection. */
export const ANALYSIS_MAX_CHARS = 24_000;
/** What one more confirmation adds to the confidence, as a share of the doubt that is left. */
export const REINFORCEMENT = 0.15;
/** What a rating does to the confidence of the memories that came from a session or were given to it. */
export const RATING_FACTORS = { accurate: 1.2, partially_accurate: 0.6 } as const;
/** Results of the agents' tools. */
export const TOOL_RESULTS_MAX = 10;
/** Lines of a past analysis that say why a search found it, and the longest text of one (characters). */
export const PAST_LINES_MAX = 3;
export const PAST_EXCERPT_MAX_CHARS = 400;
/** A past analysis as an agent reads it: about 3,000 tokens (characters). */
export const PAST_ANALYSIS_MAX_CHARS = 12_000;
