/** Milliseconds between two streamed chunks, so that a person sees the answer being written. */
export const DEFAULT_PACE_MS = 8;

/** Words per streamed chunk: small enough to look continuous, large enough to keep events few. */
export const WORDS_PER_CHUNK = 3;

/** Turns with tool calls before the analyst must conclude; the longest chain of causes it follows needs six. */
export const MAX_TURNS = 9;

/** Tool calls in one turn; independent look-ups run concurrently, and a cluster should not be flooded. */
export const MAX_CALLS_PER_TURN = 6;

/** Tool calls in one investigation, over all turns. */
export const MAX_CALLS_TOTAL = 32;

/** Pods that are looked at one by one; replicas of one workload fail alike. */
export const MAX_FOCUS_PODS = 3;

/** Log lines asked for: the decisive line of a crash is among the last ones. */
export const LOG_TAIL_LINES = 120;

/** Characters of a quoted line in the analysis. */
export const MAX_QUOTE_CHARS = 280;

/** Of those, characters kept from the end of a longer line. */
export const QUOTE_TAIL_CHARS = 110;

/** Characters of one tool result that are parsed; what is beyond cannot be read by rule in reasonable time. */
export const MAX_PARSED_CHARS = 1_000_000;

/** Characters of the alert that are searched for names. */
export const MAX_ALERT_CHARS = 200_000;

/** Bytes of UTF-8 per token: the usual estimate, used because no tokenizer is involved. */
export const BYTES_PER_TOKEN = 4;

/** Characters of a fact carried over in a compaction summary. */
export const MAX_SUMMARY_CHARS = 12_000;

/** Lines of tool results that an answer in the chat quotes. */
export const MAX_CHAT_LINES = 4;

/** Sentences of the analysis that an answer in the chat repeats. */
export const MAX_CHAT_SENTENCES = 2;

/** Characters of a question that are searched for. */
export const MAX_QUERY_CHARS = 400;

/** A check looks at a whole namespace or cluster: turns and calls of one, and pods that it reads one by one. */
export const CHECK_LIMITS = { turns: 14, calls: 70 };
export const MAX_CHECKED_PODS = 8;

/** Seconds within which a restart is trouble that is still there: twice the longest pause between two crashes. */
export const LATELY_S = 600;

/** Seconds that a new pod may take to become ready before a check calls it trouble. */
export const STARTING_S = 120;

/** Problems that the answer of a check explains; the rest is only listed. */
export const MAX_EXPLAINED_PROBLEMS = 12;

/** Edits between two label values that still look like one name mistyped. */
export const MAX_LABEL_EDITS = 2;

/** A memory limit that is raised grows by half: enough to gain time, little enough for every node. */
export const RAISE_FACTOR = 1.5;

/** Raised limits are multiples of this, so that they read like limits that people set. */
export const RAISE_STEP_BYTES = 64 * 1024 ** 2;

/** A limit is not raised beyond this: above it memory is a question of cost and of nodes. */
export const MAX_RAISED_LIMIT_BYTES = 4 * 1024 ** 3;

/** Use of a node's memory up to which a limit of its pods is raised. */
export const MAX_NODE_MEMORY_PERCENT = 80;

/** Times that the effect of a change is looked at; with the pause between, about a minute for a rollout. */
export const MAX_EFFECT_CHECKS = 8;

/** Pause before each of them: pods need some seconds to start and become ready. */
export const SETTLE_MS = 6_000;
