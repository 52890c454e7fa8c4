import type { DefaultTools } from '../schema.ts';

/** A server of this alert; `tools` null: all that it has, whatever it lists by then. */
export type ChosenServer = { name: string; tools: readonly string[] | null };
export type McpChoice = readonly ChosenServer[];

type Server = DefaultTools['servers'][number];

/** What the chain uses when the alert says nothing. */
export const defaultChoice = (servers: readonly Server[]): McpChoice =>
  servers.filter(({ used }) => used).map(({ name, only }) => ({ name, tools: only }));

export const chosenOf = (choice: McpChoice, server: string): ChosenServer | undefined =>
  choice.find(({ name }) => name === server);

export const isToolChosen = (chosen: ChosenServer | undefined, tool: string): boolean =>
  chosen !== undefined && (chosen.tools === null || chosen.tools.includes(tool));

/** The server as the chain has it, or with all its tools where the chain does not use it; or not at all. */
export function toggleServer(choice: McpChoice, server: Server, isOn: boolean): McpChoice {
  const others = choice.filter(({ name }) => name !== server.name);
  return isOn ? [...others, { name: server.name, tools: server.only }] : others;
}

/** One tool more or less. Without its last tool a server is not used; with every one it is used whole. */
export function toggleTool(choice: McpChoice, server: Server, tool: string, isOn: boolean): McpChoice {
  const chosen = chosenOf(choice, server.name);
  const listed = server.tools.map(({ name }) => name);
  const before = chosen === undefined ? [] : (chosen.tools ?? listed);
  const tools = isOn ? [...new Set([...before, tool])] : before.filter((name) => name !== tool);
  const others = choice.filter(({ name }) => name !== server.name);
  if (tools.length === 0) return others;
  const isWhole = listed.length > 0 && listed.every((name) => tools.includes(name));
  return [...others, { name: server.name, tools: isWhole ? null : tools }];
}

/** Whether two choices mean the same, in whatever order. */
export const isSameChoice = (a: McpChoice, b: McpChoice): boolean =>
  a.length === b.length && a.every((server) => isSameServer(server, chosenOf(b, server.name)));

export function isSameServer(a: ChosenServer | undefined, b: ChosenServer | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.tools === null || b.tools === null) return a.tools === b.tools;
  const other = b.tools;
  return a.tools.length === other.length && a.tools.every((tool) => other.includes(tool));
}

/** Such as "cluster (all tools), box (2 tools)". */
export const describeChoice = (choice: McpChoice): string =>
  choice.length === 0 ? 'no server' : choice.map(describeServer).join(', ');

const describeServer = ({ name, tools }: ChosenServer): string =>
  `${name} (${tools === null ? 'all tools' : `${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}`})`;

/** As an alert says it. */
export const toServers = (choice: McpChoice) =>
  choice.map(({ name, tools }) => (tools === null ? { name } : { name, tools: [...tools] }));
