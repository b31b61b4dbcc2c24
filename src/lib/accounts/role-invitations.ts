export type { Invitation, MyInvitation, SessionInvitation } from '#lib/database/answers/accounts.ts';
