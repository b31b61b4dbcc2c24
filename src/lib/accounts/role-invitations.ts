export type { RoleInvitation, MyInvitation, SessionInvitation } from '#lib/database/answers/accounts.ts';
