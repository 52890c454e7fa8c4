import type { Ruling } from '#src/features/approvals/server/index.ts';
import { headOf, storable } from '#src/lib/storable-text.ts';
import { type Config, resolveServerMasking } from '#src/server/config/index.ts';
import { createSessionMasker, type SessionIdentifiers } from '#src/server/identifiers/index.ts';
import { newId } from '#src/server/ids.ts';
import { estimateTokens } from '#src/server/llm/index.ts';
import { failClosed, type Masker } from '#src/server/masking/index.ts';
import type { McpTool, Toolbox, ToolCallOutcome } from '#src/server/mcp/index.ts';
import type { KeptImage, PlannedCall, ToolEnd } from './agent-step.ts';
import { BUILT_IN_SERVER, type BuiltInContext, type BuiltInTool, callBuiltInTool } from './built-in-tools.ts';
import type { ImageRoom } from './image-room.ts';
import type { ToolRunner } from './run-turn.ts';
import { viewOutput } from './spill-output.ts';
import { ITEM_RESULT_MAX_CHARS } from './tunables.ts';

/** What is known of the calls of an execution that was interrupted, by `iteration.index`. */
export type EarlierCall = { call: PlannedCall; key: string; end: ToolEnd | 'unknown_outcome' | null };

/** The tools of one execution: those of its servers and the built-in ones that it is given. */
export function createToolRunner(options: {
  toolbox: Toolbox;
  earlier: readonly EarlierCall[];
  builtIn: readonly BuiltInTool[];
  rule(call: PlannedCall): Promise<Ruling>;
  images: ImageRoom;
  /** Masks what built-in tools say: some read what is shared between sessions. */
  mask(text: string): string;
}): ToolRunner {
  const { toolbox, earlier, builtIn, mask } = options;
  const results = new Map<string, { callId: string; view: string }>();
  const outputs = new Map<string, string>();
  const ends = new Map<string, ToolEnd | 'unknown_outcome'>();
  const place = (call: PlannedCall) => `${call.iteration}.${call.index}`;
  // Whoever has changed something must be able to see what came of it, more than once: effects take time.
  let hasChanged = false;
  const remember = (key: string, call: PlannedCall, end: ToolEnd) => {
    // A turn of which a part waits for people is gone through again.
    ends.set(place(call), withoutContent(end));
    if (!call.readOnly && end.status !== 'refused') hasChanged = true;
    if (end.output) outputs.set(call.callId, end.output.id);
    // A picture is of a moment, and compaction drops it for good: such a call may be made again.
    const isPicture = end.images?.some((image) => image.forModels) ?? false;
    if (end.status === 'completed' && !isPicture) results.set(key, { callId: call.callId, view: end.view });
  };
  for (const { call, key, end } of earlier) {
    if (end === 'unknown_outcome') {
      ends.set(place(call), end);
      hasChanged = true;
    } else if (end) remember(key, call, end);
  }
  const list = (): McpTool[] => [...toolbox.tools, ...builtIn.map(({ tool }) => tool)];
  return {
    list,
    specs: () =>
      list().map(({ wireName, description, inputSchema }) => ({ name: wireName, description, inputSchema })),
    endedBefore: (call) => ends.get(place(call)) ?? null,
    earlierResult: (key, call) => (hasChanged && call.readOnly ? undefined : results.get(key)),
    ruling: (call) => options.rule(call),
    async run(call, { budgetTokens, summariseAboveTokens, signal, live }) {
      if (call.server === BUILT_IN_SERVER) return runBuiltIn(builtIn, { budgetTokens, signal, call }, mask);
      const outcome = await toolbox.call({
        wireName: call.wireName,
        planned: call,
        arguments: call.arguments,
        signal,
        ...live,
      });
      const { text, images } = await options.images.fit(outcome);
      return endOf({ ...outcome, text }, { budgetTokens, summariseAboveTokens, images });
    },
    remember,
    outputIdOf: (callId) => outputs.get(callId),
    reload: () => toolbox.reload(),
  };
}

/** An end whose output and images are kept by now, so that they need not be held. */
const withoutContent = (end: ToolEnd): ToolEnd => ({
  ...end,
  output: end.output && { ...end.output, text: '' },
  ...(end.images ? { images: end.images.map((image) => ({ ...image, content: null })) } : {}),
});

async function runBuiltIn(
  tools: readonly BuiltInTool[],
  context: BuiltInContext,
  mask: (text: string) => string,
): Promise<ToolEnd> {
  const { call } = context;
  const startedAt = performance.now();
  const { ok, text, notes } = await callBuiltInTool(tools, call.tool, call.arguments, context);
  const output = storable(mask(text));
  const id = newId();
  const { text: view, spilled } = viewOutput(output, { budgetTokens: context.budgetTokens, outputId: id });
  return {
    status: ok ? 'completed' : 'failed',
    view,
    output: spilled ? { id, text: output } : null,
    outputBytes: Buffer.byteLength(output),
    durationMs: Math.round(performance.now() - startedAt),
    error: ok ? null : headOf(output, ITEM_RESULT_MAX_CHARS),
    ...(notes ? { notes } : {}),
  };
}

/** What a server's answer comes to: a long one is kept whole beside the conversation. */
function endOf(
  outcome: ToolCallOutcome,
  options: { budgetTokens: number; summariseAboveTokens: number | null; images: readonly KeptImage[] },
): ToolEnd {
  const text = storable(outcome.text);
  const id = newId();
  const limit = options.summariseAboveTokens;
  const isLong = limit !== null && outcome.status === 'completed' && estimateTokens(text) > limit;
  // What a summary is due for is never shown whole, not even when the summary fails.
  const budgetTokens = isLong ? Math.min(limit, options.budgetTokens) : options.budgetTokens;
  const { text: view, spilled } = viewOutput(text, { budgetTokens, outputId: id });
  const kept = spilled || text.length > ITEM_RESULT_MAX_CHARS;
  return {
    status: outcome.status,
    view: view === '' ? '(the tool returned nothing)' : view,
    output: kept ? { id, text } : null,
    outputBytes: Buffer.byteLength(text),
    durationMs: outcome.durationMs,
    error: outcome.status === 'completed' ? null : headOf(text, ITEM_RESULT_MAX_CHARS),
    ...(isLong ? { summary: 'pending' as const } : {}),
    ...(options.images.length > 0 ? { images: options.images } : {}),
  };
}

/** The masker of one server's results and errors; built once per execution. */
export function createServerMaskers(
  config: Config,
  identifiers: SessionIdentifiers,
): (server: string) => Masker {
  const maskers = new Map<string, Masker>();
  return (server) => {
    const known =
      maskers.get(server) ?? createSessionMasker(resolveServerMasking(config, server), identifiers);
    maskers.set(server, known);
    return known;
  };
}

/** For the toolbox: a result that cannot be checked for secrets is withheld as a whole. */
export const failClosedMasker = (masker: Masker) => ({
  ...masker,
  text: (text: string) => failClosed(masker, text),
});
