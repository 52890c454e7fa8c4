/** Every duration and size of the simulated cluster, with its unit and reason. */

/** One pass of all controllers and kubelets; a kubelet's own sync is of this order, and idle cost stays tiny. */
export const TICK_MS = 1_000;
/** Step while simulating the past on start: coarse enough to age ten minutes in well under a second. */
export const AGING_STEP_MS = 2_000;
/** Step while simulating a past in which nothing but scheduled jobs happens. */
export const QUIET_STEP_MS = 10_000;
/** How long ago the shop was installed, so that ages and start times look lived in. */
export const SHOP_AGE_MS = 9 * 24 * 3_600_000;
/** Time given to the shop's first start in the simulated past before it counts as settled. */
export const SHOP_SETTLE_MS = 4 * 60_000;
/** Container restart back-off of the kubelet: 10 s, doubling, at most 5 min. */
export const RESTART_BACKOFF_BASE_MS = 10_000;
export const RESTART_BACKOFF_MAX_MS = 300_000;
/** A container that ran this long starts again with the base back-off (kubelet: twice the maximum). */
export const RESTART_BACKOFF_RESET_MS = 600_000;
/** Image pull back-off of the kubelet has the same shape. */
export const PULL_BACKOFF_BASE_MS = 10_000;
export const PULL_BACKOFF_MAX_MS = 300_000;
/** The kubelet repeats its back-off events about this often while it waits. */
export const BACKOFF_EVENT_EVERY_MS = 13_000;
/** Pull speed of a node. */
export const PULL_MIB_PER_SECOND = 40;
/** Retry of a container whose configuration cannot be built (missing Secret key and the like). */
export const CONFIG_RETRY_MS = 12_000;
/** Probe failures count from here on: what starts in less is not reported unhealthy. */
export const FIRST_PROBE_MS = 6_000;
/** Retry of a volume that cannot be mounted. */
export const MOUNT_RETRY_MS = 60_000;
/** A pod that is deleted is gone after this time unless its grace period is shorter. */
export const TERMINATION_MS = 2_000;
/** The scheduler reports an unschedulable pod again after this time (its unschedulable queue flush). */
export const SCHEDULE_RETRY_EVENT_MS = 300_000;
/** The volume controller retries a claim this often (pvclaimbinder sync period). */
export const CLAIM_RETRY_MS = 15_000;
/** Memory below which a kubelet evicts (its default memory.available threshold). */
export const EVICTION_MEMORY_BYTES = 100 * 1024 * 1024;
/** Pressure stays reported this long after it ended (eviction-pressure-transition-period). */
export const PRESSURE_TRANSITION_MS = 300_000;
/** The kubelet waits this long between two evictions, so that freed memory is seen first. */
export const EVICTION_INTERVAL_MS = 10_000;
/** Node status heartbeat: five minutes in a real kubelet when nothing changes. */
export const NODE_HEARTBEAT_MS = 300_000;
/** A node silent this long turns NotReady (node-monitor-grace-period). */
export const EVENT_TTL_MS = 3_600_000;
/** Watch history kept; an older resourceVersion answers 410 Gone. */
export const HISTORY_LENGTH = 2_500;
/** First resourceVersion, of the order of a cluster some days old. */
export const FIRST_RESOURCE_VERSION = 1_048_576;
/** Idle watches that asked for bookmarks get one this often. */
export const BOOKMARK_MS = 60_000;
/** Watches end after this long when the client names no timeout (the API server: 30-60 min). */
export const WATCH_TIMEOUT_MS = 45 * 60_000;
/** Largest request body, as in etcd's default. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
/** Lines of log a container keeps (files rotate at 10 MiB in a real kubelet). */
export const MAX_LOG_LINES = 5_000;
/** A followed log is extended this often. */
export const LOG_FOLLOW_MS = 1_000;
/** Tombstones of evicted and finished pods kept per cluster before garbage collection. */
export const MAX_TERMINATED_PODS = 60;
