import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';

const SECONDS_HTTP = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const SECONDS_LLM = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 180];
const SECONDS_TOOL = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60];
const SECONDS_SESSION = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 2400];

export type Metrics = ReturnType<typeof createMetrics>;

/** Every metric of a process, prefix `tars_`, in a registry of its own. */
export function createMetrics(options: { defaults?: boolean } = {}) {
  const registry = new Registry();
  if (options.defaults) collectDefaultMetrics({ register: registry, prefix: 'tars_' });
  const registers = [registry];
  return {
    registry,
    alertsReceived: new Counter({
      name: 'tars_alerts_received_total',
      help: 'Alert deliveries taken.',
      labelNames: ['source', 'outcome'],
      registers,
    }),
    sessionsTerminal: new Counter({
      name: 'tars_sessions_terminal_total',
      help: 'Sessions that ended.',
      labelNames: ['chain', 'status'],
      registers,
    }),
    sessionDuration: new Histogram({
      name: 'tars_session_duration_seconds',
      help: 'Start to end of a session.',
      labelNames: ['chain'],
      buckets: SECONDS_SESSION,
      registers,
    }),
    sessionWait: new Histogram({
      name: 'tars_session_wait_seconds',
      help: 'Acceptance to start of a session.',
      buckets: SECONDS_SESSION,
      registers,
    }),
    sessionsByStatus: new Gauge({
      name: 'tars_sessions',
      help: 'Sessions that have not ended.',
      labelNames: ['status'],
      registers,
    }),
    sessionsResumed: new Counter({
      name: 'tars_sessions_resumed_total',
      help: 'Sessions taken over from a worker that was gone.',
      registers,
    }),
    llmCalls: new Counter({
      name: 'tars_llm_calls_total',
      help: 'Model calls.',
      labelNames: ['provider', 'model', 'outcome'],
      registers,
    }),
    llmDuration: new Histogram({
      name: 'tars_llm_duration_seconds',
      help: 'Duration of a model call.',
      labelNames: ['provider', 'model'],
      buckets: SECONDS_LLM,
      registers,
    }),
    llmTokens: new Counter({
      name: 'tars_llm_tokens_total',
      help: 'Tokens sent and received.',
      labelNames: ['provider', 'model', 'direction'],
      registers,
    }),
    llmFallbacks: new Counter({
      name: 'tars_llm_fallbacks_total',
      help: 'Changes of provider within an execution.',
      labelNames: ['from', 'to'],
      registers,
    }),
    toolCalls: new Counter({
      name: 'tars_tool_calls_total',
      help: 'Tool calls.',
      labelNames: ['server', 'tool', 'outcome'],
      registers,
    }),
    toolDuration: new Histogram({
      name: 'tars_tool_duration_seconds',
      help: 'Duration of a tool call.',
      labelNames: ['server', 'tool'],
      buckets: SECONDS_TOOL,
      registers,
    }),
    mcpHealthy: new Gauge({
      name: 'tars_mcp_server_healthy',
      help: '1 when the MCP server answers.',
      labelNames: ['server'],
      registers,
    }),
    actionStages: new Counter({
      name: 'tars_action_stages_total',
      help: 'Stages of action agents that ended, by whether they changed something.',
      labelNames: ['chain', 'changed'],
      registers,
    }),
    reviewsCompleted: new Counter({
      name: 'tars_reviews_completed_total',
      help: 'Reviews that people completed.',
      labelNames: ['rating'],
      registers,
    }),
    approvalsPending: new Gauge({
      name: 'tars_approvals_pending',
      help: 'Calls and questions that wait for a person.',
      registers,
    }),
    workers: new Gauge({ name: 'tars_workers', help: 'Worker processes that are alive.', registers }),
    workerSlots: new Gauge({
      name: 'tars_worker_slots',
      help: 'Sessions that the workers can run at a time.',
      registers,
    }),
    notifications: new Counter({
      name: 'tars_notifications_total',
      help: 'Attempts to tell people something.',
      labelNames: ['destination', 'kind', 'outcome'],
      registers,
    }),
    retentionDeleted: new Counter({
      name: 'tars_retention_deleted_total',
      help: 'What retention has removed: sessions, events, payloads of calls, alerts, sums of usage.',
      labelNames: ['kind'],
      registers,
    }),
    httpRequests: new Counter({
      name: 'tars_http_requests_total',
      help: 'HTTP requests.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    httpDuration: new Histogram({
      name: 'tars_http_duration_seconds',
      help: 'Duration of an HTTP request.',
      labelNames: ['route', 'method'],
      buckets: SECONDS_HTTP,
      registers,
    }),
    socketConnections: new Gauge({ name: 'tars_socket_connections', help: 'Connected browsers.', registers }),
    poolConnections: new Gauge({
      name: 'tars_database_connections',
      help: 'Pool connections.',
      labelNames: ['state'],
      registers,
    }),
  };
}

/** One metric as a process reports it to others. */
export const metricReportSchema = z.looseObject({
  name: z.string(),
  help: z.string(),
  values: z.array(
    z.looseObject({
      // JSON knows no NaN.
      value: z.number().nullable(),
      labels: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
    }),
  ),
});
export type MetricReport = z.infer<typeof metricReportSchema>;

export async function reportMetrics({ registry }: Metrics): Promise<MetricReport[]> {
  return metricReportSchema.array().parse(JSON.parse(JSON.stringify(await registry.getMetricsAsJSON())));
}

/**
 * Prometheus text of this process and of the workers, each series of a worker under its name. They are not added up: a
 * worker that starts anew counts from zero, which in a sum would look like an increase.
 */
export async function renderMetricsOf(
  own: Metrics,
  workers: readonly { id: string; metrics: readonly MetricReport[] }[],
): Promise<string> {
  const reports = workers.map(({ id, metrics }) =>
    metrics.map((metric) => ({
      ...metric,
      values: metric.values.flatMap(({ value, labels, ...rest }) =>
        value === null ? [] : [{ ...rest, value, labels: { ...labels, worker: id } }],
      ),
    })),
  );
  const all = [await reportMetrics(own), ...reports];
  // No two series are the same, so there is nothing to add up; the library would leave some metrics out.
  return AggregatorRegistry.aggregate(
    all.map((report) => report.map((metric) => ({ ...metric, aggregator: 'first' }))),
  ).metrics();
}
