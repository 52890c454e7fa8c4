/** Tool calls of one turn that run at the same time. */
export const MAX_PARALLEL_TOOL_CALLS = 8;
/** More calls than this in one turn are answered with a refusal, so that a confused model cannot flood a server. */
export const MAX_TOOL_CALLS_PER_TURN = 32;
/** Times an empty answer is answered with a nudge before the conclusion is forced. */
export const MAX_EMPTY_ANSWERS = 2;
/** Model failures in a row (after the retries within a call and without a provider to fall back to) that end an execution. */
export const MAX_FAILURES_IN_A_ROW = 3;
/** Of what a paused agent said last people are shown this much: enough to see where it is, little enough to read at night. */
export const PAUSE_FOUND_MAX_CHARS = 1_200;
/** Pause before a failed call is repeated by the loop. */
export const FAILURE_PAUSE_MS = 1_000;
/** One tool result takes at most this share of the context, whatever its size; the rest is spilled. */
export const RESULT_CONTEXT_SHARE = 0.15;
/** The results of one turn together take at most this share; several calls divide it. */
export const TURN_CONTEXT_SHARE = 0.4;
/** … and never more than this many tokens. */
export const RESULT_MAX_TOKENS = 25_000;
/** Lower bound of that budget, so that a small window still sees something. */
export const RESULT_MIN_TOKENS = 500;
/** Of a spilled result the model sees a head and a tail in this proportion: the end of a log tells most. */
export const SPILL_HEAD_SHARE = 0.4;
/** A timeline item shows at most this much of a result; the whole output has an address. */
export const ITEM_RESULT_MAX_CHARS = 2_000;
/** Unreadable arguments are quoted back to the model up to this size. */
export const QUOTED_ARGUMENTS_MAX_CHARS = 500;
/** Arguments are shown in the timeline up to this size. */
export const ITEM_ARGUMENTS_MAX_CHARS = 2_000;
/** Images that one session keeps, in bytes: some hundred panels or screenshots. */
export const MAX_IMAGE_BYTES_PER_SESSION = 50_000_000;
/** The conversation is compacted when it fills this share of the context budget. */
export const COMPACT_AT_SHARE = 0.8;
/** … down to this share, by replacing the oldest tool results by references. */
export const COMPACT_TO_SHARE = 0.5;
/** Messages at the end that compaction leaves as they are: the turn in progress. */
export const COMPACT_KEEP_LAST = 4;
/** What a running tool says is shown at most this often. */
export const LIVE_OUTPUT_INTERVAL_MS = 150;
/** … and how far it is at most this often: each is an event that stays in the log. */
export const PROGRESS_INTERVAL_MS = 500;
/** People are warned when this share of one of the session's budgets is used. */
export const BUDGET_WARNING_SHARE = 0.8;
/** A sub-agent's task is cut at this length. */
export const SUB_AGENT_TASK_MAX_CHARS = 8_000;
/** Pages of a spilled output that the read tool gives at most. */
export const OUTPUT_PAGE_MAX_CHARS = 20_000;
/** Matches that the search tool gives at most. */
export const OUTPUT_SEARCH_MAX_MATCHES = 50;
/** Longest line that the search tool prints whole. */
export const OUTPUT_LINE_MAX_CHARS = 500;
/** Of an output the summarising model is given at most this much, whatever its window: more costs more than it tells. */
export const SUMMARY_INPUT_MAX_TOKENS = 100_000;
/** Room for the rest of that request: instructions, question, arguments. */
export const SUMMARY_PROMPT_TOKENS = 4_000;
/** Answer tokens on top of the summary's own, for models that cannot but think first. */
export const SUMMARY_THINKING_TOKENS = 4_000;
/** The question that a summary is to answer: begin and end of what the conversation is about. */
export const SUMMARY_QUESTION_MAX_CHARS = 6_000;
/** An executive summary is one to four lines. */
export const SUMMARY_MAX_OUTPUT_TOKENS = 600;
/** What one earlier stage hands to later ones at most. */
export const STAGE_CONTEXT_MAX_CHARS = 40_000;
/** The alert as the model reads it; more is cut with a note. */
export const ALERT_PROMPT_MAX_CHARS = 60_000;
/** … and never more than this share of the context, so that a small window has room for the investigation. */
export const ALERT_CONTEXT_SHARE = 0.25;
/** A runbook as the model reads it; more is cut with a note. Longer ones are manuals, not steps. */
export const RUNBOOK_PROMPT_MAX_CHARS = 40_000;
/** … and never more than this share of the context. */
export const RUNBOOK_CONTEXT_SHARE = 0.2;
/** All required skills together take at most this share of the context. */
export const REQUIRED_SKILLS_CONTEXT_SHARE = 0.2;
/** The catalog of skills in the system prompt; an agent with more should be given a choice of them. */
export const SKILL_CATALOG_MAX_CHARS = 10_000;
/** Skills that one call may load: more are not read with care. */
export const MAX_SKILLS_PER_CALL = 10;
/** The findings of all earlier stages together take at most this share. */
export const STAGES_CONTEXT_SHARE = 0.25;
/** The search over a kept output lets other work through after so many lines. */
export const SEARCH_LINES_PER_SLICE = 2_000;
/** What is kept of the time limit for the conclusion: a tenth, which for the default of 40 min would be longer than any answer takes. */
export const CONCLUSION_RESERVE_SHARE = 0.1;
export const CONCLUSION_RESERVE_MAX_MS = 180_000;
