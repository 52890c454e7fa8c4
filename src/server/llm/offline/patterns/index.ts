import { findPendingClaim } from './claim-pending.ts';
import { findCrashLoop } from './crash-loop.ts';
import { findDependencyFailure } from './dependency-failure.ts';
import type { Finding, Pattern, PatternInput } from './finding.ts';
import { findImagePullFailure } from './image-pull.ts';
import { findLogConditions } from './log-conditions.ts';
import { findMissingConfig } from './missing-config.ts';
import { findBlockingPolicy } from './network-policy.ts';
import { findNodeTrouble } from './node-trouble.ts';
import { findOutOfMemory } from './out-of-memory.ts';
import { findProbeFailure } from './probe-failure.ts';
import { findServiceWithoutEndpoints } from './service-endpoints.ts';
import { findUnreadableConfig } from './unreadable-config.ts';
import { findUnschedulable } from './unschedulable.ts';
import { findRefusedPods, findStuckWorkload } from './workload-trouble.ts';

const PATTERNS: Pattern[] = [
  findMissingConfig,
  findUnreadableConfig,
  findOutOfMemory,
  findImagePullFailure,
  findServiceWithoutEndpoints,
  findPendingClaim,
  findNodeTrouble,
  findUnschedulable,
  findRefusedPods,
  findLogConditions,
  findProbeFailure,
  findBlockingPolicy,
  findDependencyFailure,
  findCrashLoop,
  findStuckWorkload,
];

/** Everything the patterns recognise; equal findings about several replicas become one. */
export function recognise(input: PatternInput): Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of PATTERNS.flatMap((pattern) => pattern(input))) {
    const key = `${finding.pattern}|${finding.subject.kind}|${finding.subject.namespace}|${finding.subject.name}`;
    const known = merged.get(key);
    if (known) known.affects = [...known.affects, ...finding.affects];
    else merged.set(key, { ...finding });
  }
  return [...merged.values()];
}
