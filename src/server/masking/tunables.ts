/** A pattern longer than this is generated or a mistake; keeps compilation cheap. */
export const MAX_CUSTOM_PATTERN_LENGTH = 2_000;

/** Depth to which structures and embedded documents are followed; deeper parts are redacted whole. */
export const MAX_STRUCTURE_DEPTH = 200;

/** How often a text inside a text (JSON in an annotation in YAML in a tool result …) is opened. */
export const MAX_EMBEDDED_DEPTH = 4;

/** Time that masking one tool result may take before the whole result is withheld. Measured on two slow cores: 10 MB of logs take 0.7 s, the worst hostile 10 MB 4 s. */
export const TOOL_RESULT_BUDGET_MS = 20_000;

/** Text that a stream masker may hold back at most; a longer unfinished piece is masked and released as it stands. */
export const MAX_STREAM_TAIL_CHARS = 16_384;
