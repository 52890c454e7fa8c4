/** What an agent may be told to limit itself to. */
export type Area = 'workloads' | 'network' | 'storage' | 'nodes';

const AREAS: Record<Area, RegExp> = {
  workloads: /\b(?:workloads?|pods?|containers?|deployments?)\b/,
  network: /\b(?:network(?:ing|s)?|services?|endpoints?)\b/,
  storage: /\b(?:storage|claims?|volumes?)\b/,
  nodes: /\bnodes?\b/,
};

const OWN_TASK = '## Your task in this team';

/**
 * The areas that the agent's own instructions limit it to, from the one sentence that the rules understand: "Look only at
 * nodes, networking and storage." Empty for all areas. Only the operator's section of the system prompt is read.
 */
export function readAreas(system: string): Area[] {
  const at = system.lastIndexOf(`${OWN_TASK}\n`);
  const sentence =
    at === -1 ? '' : (/\blook only at ([^.]+)/i.exec(system.slice(at))?.[1] ?? '').toLowerCase();
  return (['workloads', 'network', 'storage', 'nodes'] as const).filter((area) => AREAS[area].test(sentence));
}
