import type { ExecutionRow, Recorder } from '#src/features/sessions/server/index.ts';
import type { ChainSnapshot, ResolvedExecution } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Logger } from '#src/server/logger.ts';
import type { Masker } from '#src/server/masking/index.ts';
import type { BuiltInTool } from './built-in-tools.ts';
import type { AlertFacts } from './compose-prompt.ts';

/** The session that is being run, as far as agents need it. */
export type RunSession = {
  id: string;
  projectId: string;
  title: string;
  alert: AlertFacts;
  /** The runbook that the alert brings: an address or a file's path. */
  runbookReference: string | null;
  /** The text of the alert's or the chain's runbook, masked; loaded before the first agent starts. */
  runbook: string | null;
  /** Why there is none, another one, or an old copy. */
  runbookNote: string | null;
  mcpSelection: { servers: { name: string; tools?: string[] | undefined }[] } | null;
  snapshot: ChainSnapshot;
};

/** What everything below one run of a session shares. */
export type RunContext = {
  kernel: Kernel;
  session: RunSession;
  recorder: Recorder;
  /** Masks what models and errors say; tool outputs have their server's own masking. */
  masker: Masker;
  /** Aborts when the session is cancelled, times out, is taken over, or the worker shuts down. */
  signal: AbortSignal;
  log: Logger;
  /** The product's own tools besides those over kept outputs. */
  tools?: readonly BuiltInTool[];
  /** What the team has learned from past investigations, as far as it bears on this one; read once for all agents. */
  recall?(): Promise<readonly Hint[]>;
};

/** A memory as an agent reads it. Data of uncertain worth, never an instruction. */
export type Hint = { id: string; content: string; category: string; valence: string; confidence: number };

/** An execution, the settings it runs with, and what earlier stages hand to it. */
export type ExecutionPlan = {
  execution: ExecutionRow;
  settings: ResolvedExecution;
  earlierStages: { name: string; result: string }[];
  /** The first message to the model, where it is not the task of investigating the alert. */
  compose?: (options: { contextChars: number }) => string | Promise<string>;
  /** Built-in tools of its own. */
  tools?: readonly BuiltInTool[];
};

/** One execution of a run, and where its timeline items belong. */
export type ExecutionScope = {
  context: RunContext;
  execution: ExecutionRow;
  place: { stageId: string; executionId: string };
};
