import { viewOfProject } from './config/index.ts';
import type { Sql } from './db/database.ts';
import { notFound } from './errors.ts';
import type { Kernel } from './kernel.ts';

/**
 * The process's resources as one project may use them: in its configuration, chains and MCP servers of other projects are not
 * there. The edges (tRPC, REST, a worker's run) hand this to whatever acts for a project, so that no use case has to think of it.
 */
export const projectKernel = <K extends Kernel>(kernel: K, project: string): K => ({
  ...kernel,
  config: { ...kernel.config, current: () => viewOfProject(kernel.config.current(), project) },
});

/** The same for whoever knows the project's id. Throws `not_found` for one that is gone. */
export async function openProjectKernel<K extends Kernel>(
  kernel: K,
  projectId: string,
  sql: Sql = kernel.database.pool,
): Promise<K> {
  const { rows } = await sql.query<{ slug: string }>('select slug from project where id = $1', [projectId]);
  const [project] = rows;
  if (!project) throw notFound('Project');
  return projectKernel(kernel, project.slug);
}
