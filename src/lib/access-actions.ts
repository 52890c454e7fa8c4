/** What is noted of a project's members and keys. */
export const accessActions = [
  'project_created',
  'member_added',
  'member_invited',
  'member_joined',
  'role_changed',
  'member_removed',
  'invitation_withdrawn',
  'key_created',
  'key_revoked',
] as const;
export type AccessAction = (typeof accessActions)[number];
