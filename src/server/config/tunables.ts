/** How often a running process looks for changed configuration files. Polling, because a mounted ConfigMap is
 * swapped by symlink and network file systems send no events; a stat of a few files costs microseconds. */
export const CONFIG_POLL_INTERVAL_MS = 2_000;

/** A single configuration file larger than this is a mistake (a log, a dump), not a configuration. */
export const MAX_CONFIG_FILE_BYTES = 1_048_576;

/** Aliases that one YAML file may expand; stops a "billion laughs" document. */
export const MAX_YAML_ALIASES = 100;

/** An unknown key is answered with a suggestion when at most this share of its letters is wrong. */
export const SUGGESTION_MAX_DISTANCE_RATIO = 0.5;

/** Problems reported at once; more would hide the first ones. */
export const MAX_REPORTED_ISSUES = 100;

/** An interpolated value shorter than this is not searched for in the redacted view: it would match everywhere. */
export const MIN_SECRET_VALUE_LENGTH = 6;

/** A skill is read whole into a conversation; longer ones are manuals, to be split by task. */
export const MAX_SKILL_FILE_BYTES = 65_536;

/** Skills of one installation: each takes a line in the prompt of every agent that may load it. */
export const MAX_SKILLS = 200;

/** As long as the public specification of agent skills allows. */
export const SKILL_DESCRIPTION_MAX_CHARS = 1_024;

/** Instructions of an agent or a server: about 10,000 tokens, which every call of the agent pays for. */
export const INSTRUCTIONS_MAX_CHARS = 40_000;
/** Longest that one tool call may be given: a backup or a long query, not a hung server. */
export const MAX_TOOL_TIMEOUT_MS = 600_000;

/** Longest that a server may take to be there: a program that is downloaded first; a run waits for it. */
export const MAX_CONNECT_TIMEOUT_MS = 300_000;

/** Whom to ask for access is a line, not a page. */
export const CONTACT_MAX_CHARS = 200;
