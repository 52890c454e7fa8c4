/** Shares of the context that the first message of a turn may take, so that tools and the answer have room. */
export const ANALYSIS_CONTEXT_SHARE = 0.2;
export const STAGES_CONTEXT_SHARE = 0.1;
export const OUTLINE_CONTEXT_SHARE = 0.15;
export const EARLIER_TURNS_CONTEXT_SHARE = 0.1;
export const QUESTION_CONTEXT_SHARE = 0.25;
/** … and never more than these many characters, also in a very large window: the rest is found with the tools. */
export const ANALYSIS_MAX_CHARS = 40_000;
export const STAGES_MAX_CHARS = 20_000;
export const OUTLINE_MAX_CHARS = 16_000;
export const EARLIER_TURNS_MAX_CHARS = 16_000;
/** Earlier turns that are told in short; older ones are found with the tools. */
export const EARLIER_TURNS_MAX = 12;
/** What a turn in short holds of question and answer. */
export const EARLIER_QUESTION_MAX_CHARS = 400;
export const EARLIER_ANSWER_MAX_CHARS = 1_500;
/** A tool call in the outline: its arguments and the first line of its result. */
export const OUTLINE_ARGUMENTS_MAX_CHARS = 160;
export const OUTLINE_RESULT_MAX_CHARS = 140;
/** What a word counts that is not in a line but around it: in the keys above it, in the call that gave it. */
export const CONTEXT_WORD_WEIGHT = 0.5;
/** What a line counts that is no tool result: what was said about the evidence must not hide the evidence. */
export const ENTRY_WEIGHT = 0.5;
/** Matching lines that are remembered while a search reads on, and those that it gives at most. */
export const SEARCH_CANDIDATES = 2_000;
export const SEARCH_MAX_MATCHES = 40;
/** Lines of one text that a search gives at most: an answer rests on several. */
export const SEARCH_MAX_MATCHES_PER_TEXT = 8;
/** Lines below a key without a value that are shown with it. */
export const CHILD_LINES = 4;
/** Longest line that a search prints whole. */
export const SEARCH_LINE_MAX_CHARS = 300;
/** Lines after which a search lets other work through. */
export const SEARCH_LINES_PER_SLICE = 2_000;
/** Characters that one read gives at most. */
export const READ_MAX_CHARS = 20_000;
