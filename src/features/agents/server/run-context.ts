import type { CheckTask } from '#src/features/check-outcomes/server/index.ts';
import type { ExecutionRow, Recorder } from '#src/features/sessions/server/index.ts';
import type { NativeToolWishes } from '#src/lib/native-tools.ts';
import type { ChainSnapshot, ResolvedExecution } from '#src/server/config/index.ts';
import type { SessionMasker } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Logger } from '#src/server/logger.ts';
import type { CallPurpose } from './agent-step.ts';
import type { BuiltInTool } from './built-in-tools.ts';
import type { AlertFacts } from './compose-prompt.ts';
import type { ImageRoom } from './image-room.ts';
import type { RunBudget } from './run-budget.ts';

/** The alert's own choice of tools: servers replace the configured ones, native tools are stronger than every level. */
export type McpSelection = {
  servers?: { name: string; tools?: string[] | undefined }[] | undefined;
  nativeTools?: NativeToolWishes | undefined;
};

/** The session that is being run, as far as agents need it. */
export type RunSession = {
  id: string;
  projectId: string;
  /** The person whose sign-ins its tools use; null where no person has started it. */
  actsFor: { userId: string; name: string } | null;
  title: string;
  alert: AlertFacts;
  /** The runbook that the alert brings: an address or a file's path. */
  runbookReference: string | null;
  /** The text of the alert's or the chain's runbook, masked; loaded before the first agent starts. */
  runbook: string | null;
  /** Why there is none, another one, or an old copy. */
  runbookNote: string | null;
  mcpSelection: McpSelection | null;
  /** Set when nobody has alerted: a check that TARS does by itself. */
  check: CheckTask | null;
  snapshot: ChainSnapshot;
};

/** What everything below one run of a session shares. */
export type RunContext = {
  kernel: Kernel;
  session: RunSession;
  recorder: Recorder;
  /** Masks what models and errors say; tool outputs have their server's own masking. */
  masker: SessionMasker;
  budget: RunBudget;
  images: ImageRoom;
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

/** An execution, the settings it runs with, and what it is told. */
export type ExecutionPlan = {
  execution: ExecutionRow;
  settings: ResolvedExecution;
  /**
   * The first message to the model, fitted into what the smallest model that may read it can take, in characters. `hints` is
   * the section of what past investigations taught, where the agent is given any.
   */
  compose(options: { contextChars: number; hints: string | null }): string | Promise<string>;
  /** What its model calls are in the trace, when they are no iterations of an investigation. */
  purpose?: CallPurpose;
  /** Stops this execution alone; its reason is an `ExecutionStop`. */
  stop?: AbortSignal;
  /** Built-in tools of its own. */
  tools?: readonly BuiltInTool[];
};

/** One execution of a run, and where its timeline items belong. */
export type ExecutionScope = {
  context: RunContext;
  execution: ExecutionRow;
  place: { stageId: string; executionId: string; parentExecutionId: string | null };
  /** What its ordinary model calls are in the trace. */
  purpose: CallPurpose;
};
