import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

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
    notifications: new Counter({
      name: 'tars_notifications_total',
      help: 'Attempts to tell people something.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    retentionDeleted: new Counter({
      name: 'tars_retention_deleted_total',
      help: 'What retention has removed: sessions, events, payloads of calls, alerts.',
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
