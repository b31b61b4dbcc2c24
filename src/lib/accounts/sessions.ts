export type { SignedIn } from '#lib/database/answers/accounts.ts';
