/** The public surface of access: projects and API keys. Who is asking is the kernel's business (src/server/auth). */
export { createApiKey, revokeApiKey } from './api-keys.ts';
export { createProject, findProject } from './create-project.ts';
export { accessRouter } from './router.ts';
