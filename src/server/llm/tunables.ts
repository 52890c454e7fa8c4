/** Limits of one model call. Sources: what the field's systems run with; reasons beside each. */

/** Until the first token. Reasoning models think silently for up to a minute and queue at peak hours. */
export const FIRST_CHUNK_TIMEOUT_MS = 120_000;
/** Between two chunks once output flows. Healthy streams pause for a few seconds at most. */
export const STALL_TIMEOUT_MS = 60_000;
/** The whole call with its retries. Longer than this, the alert's reader has given up. */
export const CALL_TIMEOUT_MS = 300_000;

/** Repeats after the first try. */
export const MAX_RETRIES = 3;
/** Ceiling of the first pause; it doubles with each retry. */
export const RETRY_BASE_DELAY_MS = 1_000;
/** Ceiling of every pause of our own choosing. */
export const RETRY_MAX_DELAY_MS = 20_000;
/** A provider that asks for a longer pause is treated as failed, so that a fallback can take over. */
export const RETRY_AFTER_MAX_MS = 60_000;
/** An empty answer is asked for again this often inside one call; afterwards the conversation has to change. */
export const EMPTY_ANSWER_RETRIES = 1;

/** How much new output passes between two looks for a repetition loop. */
export const LOOP_CHECK_EVERY_CHARS = 2_000;
/** How far back the look goes. */
export const LOOP_TAIL_CHARS = 6_000;
/** Shorter repeats are ordinary (rules, table borders), longer ones do not fit five times into the tail. */
export const LOOP_MIN_UNIT_CHARS = 30;
export const LOOP_MAX_UNIT_CHARS = 500;
/** So many copies in a row are a model that no longer gets out by itself. */
export const LOOP_MIN_REPEATS = 5;

/** Average of English prose, code and JSON over the common tokenizers. */
export const BYTES_PER_TOKEN = 4;
/** Of one image, whatever its size: what the providers that count by area charge for one as large as they take. */
export const TOKENS_PER_IMAGE = 1_600;
/** Images of one request, the newest ones: above it Anthropic takes only small ones, */
export const MAX_IMAGES_PER_REQUEST = 20;
/** … and their bytes: the smallest limit of a request is Google's 20 MB, base64 makes four of three, and text comes on top. */
export const MAX_IMAGE_BYTES_PER_REQUEST = 12_000_000;
/** Role, separators and ids of one message on the wire. */
export const TOKENS_PER_MESSAGE = 8;
/** Share of the window kept free because the estimate may be that much too low. */
export const CONTEXT_MARGIN_RATIO = 0.05;

/** Longest provider error text that is kept; some answer with whole HTML pages. */
export const ERROR_MESSAGE_MAX_CHARS = 500;

/** OpenAI's limit on tool names, the strictest of the providers. */
export const WIRE_TOOL_NAME_MAX_CHARS = 64;

/** Vectors of a few short texts; whoever asks goes on without them. */
export const EMBEDDING_TIMEOUT_MS = 20_000;
export const EMBEDDING_RETRIES = 2;
/** Times that an answer interrupted for the provider's own tools is asked to go on; each is a request. */
export const MAX_PAUSES = 5;
/** Searches and pages of one answer, where the provider can be told: an answer that needs more has lost its way. */
export const NATIVE_TOOL_MAX_USES = 8;
/** Of one search; providers give ten to twenty. */
export const NATIVE_MAX_SOURCES = 30;
/** Queries, titles and addresses as they are shown. */
export const NATIVE_TITLE_MAX_CHARS = 500;
/** Code and its output as they are shown. */
export const NATIVE_TEXT_MAX_CHARS = 10_000;
