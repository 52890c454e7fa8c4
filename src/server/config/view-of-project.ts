import type { Config } from './schema.ts';

/** An entry that may say which projects it is for; absent: all. */
interface Belonging {
  readonly projects?: readonly string[] | undefined;
}

export const isOpenTo = ({ projects }: Belonging, project: string): boolean =>
  projects === undefined || projects.includes(project);

/** Whether every project that may use `user` may use `used` too. */
export function isOpenToAllOf(used: Belonging, user: Belonging): boolean {
  if (used.projects === undefined) return true;
  return user.projects?.every((project) => used.projects?.includes(project)) ?? false;
}

/** Whether one project may use both. */
export function haveProjectInCommon(one: Belonging, other: Belonging): boolean {
  if (one.projects === undefined || other.projects === undefined) return true;
  return one.projects.some((project) => other.projects?.includes(project));
}

const views = new WeakMap<Config, Map<string, Config>>();
/** What each view was taken of. */
const wholes = new WeakMap<Config, Config>();

/**
 * The configuration as far as a project may use it: what belongs to others is not there. The same object each time, since others
 * remember what they have made of a configuration.
 */
export function viewOfProject(config: Config, project: string): Config {
  if (!separatesProjects(config)) return config;
  const known = views.get(config) ?? new Map<string, Config>();
  views.set(config, known);
  const view = known.get(project) ?? narrow(config, project);
  known.set(project, view);
  wholes.set(view, config);
  return view;
}

/** Whether a server that a view does not show is another project's, as opposed to configured no more. */
export const isServerOfOthers = (view: Config, server: string): boolean =>
  !Object.hasOwn(view.mcpServers, server) && Object.hasOwn(wholes.get(view)?.mcpServers ?? {}, server);

/** Most installations keep nothing apart. */
const separatesProjects = ({ chains, mcpServers, checks }: Config): boolean =>
  Object.keys(checks).length > 0 ||
  [...Object.values(chains), ...Object.values(mcpServers)].some(({ projects }) => projects !== undefined);

function narrow(config: Config, project: string): Config {
  const open = <T extends Belonging>(entries: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).filter(([, entry]) => isOpenTo(entry, project)));
  const checks = Object.fromEntries(
    Object.entries(config.checks).filter(([, check]) => check.project === project),
  );
  return { ...config, chains: open(config.chains), mcpServers: open(config.mcpServers), checks };
}
