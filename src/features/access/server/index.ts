/** The public surface of access: projects, members and API keys. Who is asking is the kernel's business (src/server/auth). */
export { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
export { createProject, findProject } from './create-project.ts';
export { findMember, listMembers } from './list-members.ts';
export { addMember, changeRole, removeMember } from './manage-members.ts';
export { accessOperations } from './rest.ts';
export { accessRouter } from './router.ts';
