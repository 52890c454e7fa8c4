import { actorName } from '#src/server/auth/principal.ts';
import { defineOperation, type Operation, type OperationContext } from '#src/server/rest/define-operation.ts';
import {
  accessEventListSchema,
  addMemberInputSchema,
  apiKeyListSchema,
  changeRoleInputSchema,
  createdKeySchema,
  createKeyInputSchema,
  idInputSchema,
  keyRevokedSchema,
  listMembersInputSchema,
  memberListSchema,
  memberRemovedSchema,
  memberSchema,
} from '../schema.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { listAccessEvents } from './list-access-events.ts';
import { listMembers } from './list-members.ts';
import { addMember, changeRole, removeMember } from './manage-members.ts';

const acting = ({ projectId, principal }: OperationContext) => ({ projectId, actor: actorName(principal) });
const lastOne = { description: 'The last administrator of a project stays.' };

const members: Operation[] = [
  defineOperation({
    method: 'get',
    path: '/members',
    tag: 'access',
    summary: 'List who may use the project, administrators first; q looks in names, logins and addresses',
    access: 'admin',
    query: listMembersInputSchema,
    responses: { 200: { description: 'Members and invitations', schema: memberListSchema } },
    handle: async ({ kernel, projectId }, { query }) => ({
      status: 200,
      body: { items: await listMembers(kernel.database.pool, { projectId, q: query.q }), nextCursor: null },
    }),
  }),
  defineOperation({
    method: 'post',
    path: '/members',
    tag: 'access',
    summary: 'Let somebody into the project, by login or e-mail address, also before their first sign-in',
    access: 'admin',
    body: addMemberInputSchema,
    responses: {
      201: { description: 'A member, or invited', schema: memberSchema },
      409: { description: 'They belong to the project already.' },
    },
    handle: async (context, { body }) => ({
      status: 201,
      body: await addMember(context.kernel, { ...acting(context), ...body }),
    }),
  }),
  defineOperation({
    method: 'post',
    path: '/members/{id}/role',
    tag: 'access',
    summary: 'Change what a member may do',
    access: 'admin',
    params: idInputSchema,
    body: changeRoleInputSchema,
    responses: { 200: { description: 'As it is now', schema: memberSchema }, 409: lastOne },
    handle: async (context, { params, body }) => ({
      status: 200,
      body: await changeRole(context.kernel, { ...acting(context), ...params, ...body }),
    }),
  }),
  defineOperation({
    method: 'post',
    path: '/members/{id}/remove',
    tag: 'access',
    summary: 'Take somebody out of the project, or withdraw an invitation',
    access: 'admin',
    params: idInputSchema,
    responses: { 200: { description: 'Gone', schema: memberRemovedSchema }, 409: lastOne },
    async handle(context, { params }) {
      await removeMember(context.kernel, { ...acting(context), ...params });
      return { status: 200, body: { id: params.id, removed: true } };
    },
  }),
  defineOperation({
    method: 'get',
    path: '/access-events',
    tag: 'access',
    summary: 'What was done to members and keys of the project, and by whom',
    access: 'admin',
    responses: { 200: { description: 'The newest first', schema: accessEventListSchema } },
    handle: async ({ kernel, projectId }) => ({
      status: 200,
      body: { items: await listAccessEvents(kernel, { projectId }), nextCursor: null },
    }),
  }),
];

const keys: Operation[] = [
  defineOperation({
    method: 'get',
    path: '/keys',
    tag: 'access',
    summary: 'List the API keys of the project, valid ones first',
    access: 'admin',
    responses: { 200: { description: 'Without the keys themselves', schema: apiKeyListSchema } },
    handle: async ({ kernel, projectId }) => ({
      status: 200,
      body: { items: await listApiKeys(kernel, { projectId }), nextCursor: null },
    }),
  }),
  defineOperation({
    method: 'post',
    path: '/keys',
    tag: 'access',
    summary: 'Make an API key; it is in the answer and never shown again',
    access: 'admin',
    body: createKeyInputSchema,
    responses: { 201: { description: 'The key', schema: createdKeySchema } },
    handle: async (context, { body }) => ({
      status: 201,
      body: await createApiKey(context.kernel, { ...acting(context), ...body }),
    }),
  }),
  defineOperation({
    method: 'post',
    path: '/keys/{id}/revoke',
    tag: 'access',
    summary: 'Revoke an API key, at once and for good',
    access: 'admin',
    params: idInputSchema,
    responses: { 200: { description: 'Revoked', schema: keyRevokedSchema } },
    async handle(context, { params }) {
      await revokeApiKey(context.kernel, { ...acting(context), ...params });
      return { status: 200, body: { id: params.id, revoked: true } };
    },
  }),
];

export const accessOperations: Operation[] = [...members, ...keys];
