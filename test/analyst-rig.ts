import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { KubeConfig, type KubernetesObject, KubernetesObjectApi } from '@kubernetes/client-node';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';
import { ManualClock } from '#demo/cluster/clock.ts';
import { type Cluster, startCluster } from '#demo/cluster/index.ts';
import {
  composeInvestigationPrompt,
  composeSystemPrompt,
} from '#src/features/agents/server/compose-prompt.ts';
import { createOfflineModel } from '#src/server/llm/offline/index.ts';
import {
  type CallTool,
  type Run,
  runConversation,
  runInvestigation,
} from '#src/server/llm/offline/testing/run-investigation.ts';
import { createMasker } from '#src/server/masking/index.ts';

const MCP_BINARY = createRequire(import.meta.url).resolve('kubernetes-mcp-server/package.json');
const START_MS = Date.UTC(2026, 0, 15, 9, 0, 0);
const STEP_MS = 5_000;

const textResult = z.object({
  isError: z.boolean().optional(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
});

/** A cluster on its own clock with a real kubernetes-mcp-server in front of it, results masked as in production. */
export class AnalystRig {
  readonly cluster: Cluster;
  readonly #clock: ManualClock;
  readonly #client: Client;
  readonly #directory: string;
  readonly #tools: LanguageModelV4FunctionTool[];
  readonly #masker = createMasker({ groups: ['security', 'kubernetes'] });

  private constructor(
    cluster: Cluster,
    clock: ManualClock,
    client: Client,
    directory: string,
    tools: LanguageModelV4FunctionTool[],
  ) {
    this.cluster = cluster;
    this.#clock = clock;
    this.#client = client;
    this.#directory = directory;
    this.#tools = tools;
  }

  static async start(): Promise<AnalystRig> {
    const clock = new ManualClock(START_MS);
    const cluster = await startCluster({ clock, seed: 'offline-analyst' });
    const directory = await mkdtemp(join(tmpdir(), 'offline-analyst-'));
    const kubeconfig = join(directory, 'kubeconfig');
    await cluster.writeKubeconfig(kubeconfig);
    const client = new Client({ name: 'offline-analyst-test', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [join(MCP_BINARY, '..', 'bin', 'index.js'), '--kubeconfig', kubeconfig],
        stderr: 'ignore',
      }),
    );
    const { tools } = await client.listTools();
    const offered = tools.map(
      (tool): LanguageModelV4FunctionTool => ({
        type: 'function',
        name: `cluster__${tool.name}`,
        description: tool.description ?? '',
        inputSchema: {
          type: 'object',
          properties: {},
          ...z.record(z.string(), z.json()).parse(tool.inputSchema),
        },
      }),
    );
    return new AnalystRig(cluster, clock, client, directory, offered);
  }

  /** Creates objects as any client would. */
  async create(...objects: (KubernetesObject & Record<string, unknown>)[]): Promise<void> {
    const config = new KubeConfig();
    config.loadFromString(this.cluster.kubeconfig);
    const api = KubernetesObjectApi.makeApiClient(config);
    for (const object of objects) await api.create(object);
  }

  /** Lets the cluster live for a while. */
  pass(durationMs: number): void {
    for (let passed = 0; passed < durationMs; passed += STEP_MS) {
      this.#clock.advance(STEP_MS);
      this.cluster.tick();
    }
  }

  investigate(alert: string, task: 'investigation' | 'check' = 'investigation'): Promise<Run> {
    const model = createOfflineModel({ paceMs: 0 });
    return runInvestigation(model, this.#tools, this.#masker.text(alert), this.#call, task);
  }

  /**
   * An agent that may act, with the prompts of the product: `findings` is what an earlier stage has answered. Every call
   * that is not in `decide`'s favour comes back as TARS words a denial; time passes with each look at the cluster.
   */
  act(options: {
    alert: string;
    findings: string;
    type?: 'action' | 'investigation';
    decide?: (args: Record<string, unknown>) => 'approve' | 'deny' | 'lose';
    passMs?: number;
  }): Promise<Run> {
    const { alert, findings, type = 'action', decide = () => 'approve', passMs = 0 } = options;
    const system = composeSystemPrompt({
      now: new Date(START_MS).toISOString(),
      type,
      agentInstructions: null,
      serverInstructions: [],
      unavailable: [],
      sections: [],
    });
    const user = composeInvestigationPrompt({
      alert: {
        alertType: 'repair',
        title: 'An alert',
        severity: null,
        labels: {},
        annotations: {},
        data: this.#masker.text(alert),
        startsAt: null,
        resolvedAt: null,
      },
      runbook: { text: null, note: null },
      earlierStages: findings === '' ? [] : [{ name: 'look', result: findings }],
      acts: type === 'action',
      contextChars: 100_000,
    });
    const model = createOfflineModel({ paceMs: 0, settleMs: 0 });
    return runConversation(model, this.#tools, { system, user }, async (name, args) => {
      if (!name.endsWith('__resources_create_or_update')) {
        this.pass(passMs);
        return this.#call(name, args);
      }
      const decision = decide(args);
      if (decision === 'deny')
        return { text: 'Not run: Ada denied this call. Reason given: not today.', failed: true };
      if (decision === 'approve') return this.#call(name, args);
      await this.#call(name, args);
      return {
        text: 'The run was interrupted during this call. Whether it took effect is unknown',
        failed: true,
      };
    });
  }

  readonly #call: CallTool = async (name, args) => {
    const answer = textResult.parse(
      await this.#client.callTool({ name: name.replace('cluster__', ''), arguments: args }),
    );
    const text = answer.content.map((part) => part.text ?? '').join('\n');
    return { text: this.#masker.text(text), failed: answer.isError === true };
  };

  async stop(): Promise<void> {
    await this.#client.close();
    await this.cluster.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
