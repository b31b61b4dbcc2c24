export type { ActingLists, Assistant } from '#lib/database/answers/accounts.ts';
/** The scope in which a person acts for another. */
export const actingScopes = ['all', 'registration', 'speaking'] as const;
export type ActingScope = (typeof actingScopes)[number];

/** An offer without an answer: the address is as the reader typed it. */
export interface ActingOffer {
	id: string;
	address: string;
	scope: ActingScope;
	until: string;
}
