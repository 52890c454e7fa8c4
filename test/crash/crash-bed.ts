import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostAlert } from '#src/features/alerts/schema.ts';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createTestKernel, createTestProject, writeConfig } from '../kernel.ts';
import {
  type ProtocolServer,
  type Script,
  startProtocolServer,
} from '../llm-protocol/start-protocol-server.ts';
import { stdioFixture } from '../mcp-servers/fixture-config.ts';
import { postAlert } from '../runs.ts';
import { findViolations } from './check-invariants.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** A scripted model and a tool server of their own on a database, and worker processes that use them. */
export type CrashBed = {
  database: Database;
  kernel: Kernel;
  projectId: string;
  model: ProtocolServer;
  /** A directory for what tools write. */
  directory: string;
  /** What workers read; they follow changes. */
  configDir: string;
  /** Lays more over the configuration, for workers that start later and for what is posted. */
  configure(changes: Record<string, unknown>): Promise<void>;
  startWorker(): Promise<WorkerProcess>;
  post(alert?: Partial<PostAlert>): Promise<string>;
  /** Names of the tools that have been executed, in order. */
  executed(): Promise<string[]>;
  violations(sessionId: string): Promise<string[]>;
  /** Kills what still runs. The database stays. */
  close(): Promise<void>;
};

export type BedOptions = {
  script?: Script;
  /** Laid over the bed's configuration, key by key. */
  config?: Record<string, unknown>;
  /** More settings of the tool server. */
  box?: Record<string, unknown>;
  /** More settings of the model's provider. */
  provider?: Record<string, unknown>;
};

/** One stage, no summary: a model request per step, easy to count. */
const oneStage = {
  alertTypes: ['kubernetes'],
  stages: [{ name: 'analysis', agents: [{ name: 'kubernetes' }] }],
  executiveSummary: { enabled: false },
};

export async function createCrashBed(
  options: BedOptions & {
    /** Migrated, and used by nobody else. */
    databaseUrl: string;
  },
): Promise<CrashBed> {
  const directory = await mkdtemp(join(tmpdir(), 'tars-crash-'));
  const callLog = join(directory, 'calls.log');
  const model = await startProtocolServer({ kind: 'openai-compatible', script: options.script ?? [] });
  const box = stdioFixture({ FIXTURE_CALL_LOG: callLog });
  const config = {
    defaults: { llmProvider: 'main' },
    llmProviders: {
      main: {
        type: 'openai-compatible',
        baseUrl: model.baseUrl,
        model: 'scripted',
        contextTokens: 64_000,
        maxOutputTokens: 2_000,
        pricePerMillion: { input: 1, output: 4 },
        ...options.provider,
      },
    },
    mcpServers: { box: { ...box.config, approval: { default: 'never' }, ...options.box } },
    chains: { kubernetes: oneStage },
    ...options.config,
  };
  const configDir = await writeConfig(config);
  const database = openDatabase(options.databaseUrl);
  const kernel = await createTestKernel(database, config);
  const { id: projectId } = await createTestProject(database);
  const workers: WorkerProcess[] = [];
  return {
    database,
    kernel,
    projectId,
    model,
    directory,
    configDir,
    async configure(changes) {
      await writeFile(join(configDir, 'test.yaml'), JSON.stringify({ ...config, ...changes }));
      await kernel.setConfig({ ...config, ...changes });
    },
    async startWorker() {
      const worker = await startWorkerProcess({ databaseUrl: database.url, configDir, dataDir: directory });
      workers.push(worker);
      return worker;
    },
    post: (alert) => postAlert(kernel, projectId, alert),
    async executed() {
      const text = await readFile(callLog, 'utf8').catch(() => '');
      return text.split('\n').filter(Boolean);
    },
    violations: (sessionId) => findViolations(kernel, { projectId, sessionId }),
    async close() {
      await Promise.all(workers.map((worker) => worker.kill()));
      await model.close();
      await database.close();
      await Promise.all([directory, configDir].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}
