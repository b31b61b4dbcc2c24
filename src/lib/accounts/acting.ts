import type { AssistantLists } from '#lib/database/answers/accounts.ts';

/** The scope in which a person acts for another. */
export const actingScopes = ['all', 'registration', 'speaking'] as const;
export type ActingScope = (typeof actingScopes)[number];

/** A person who acts for the reader: named by the address that the reader typed, and never by who holds it. */
export interface Assistant {
	id: string;
	name: string;
	scope: ActingScope;
	until: string | null;
}

/** Who acts for the reader, for whom the reader acts, and open offers to the reader. */
export type ActingLists = Omit<AssistantLists, 'for_me'> & { for_me: Assistant[] };

/** An offer without an answer: the address is as the reader typed it. */
export interface ActingOffer {
	id: string;
	address: string;
	scope: ActingScope;
	until: string;
}
