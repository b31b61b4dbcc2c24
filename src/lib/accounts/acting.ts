/** The scope in which a person acts for another. */
export const actingScopes = ['all', 'registration', 'speaking'] as const;
export type ActingScope = (typeof actingScopes)[number];

/** A person who may act for another, or requests it. */
interface Acting {
	id: string;
	display_name: string;
	scope: ActingScope;
	until: string | null;
}

/** An offer without an answer: the address is as the reader typed it. */
export interface ActingOffer {
	id: string;
	address: string;
	scope: ActingScope;
	until: string;
}

/** A person who acts for the reader: named by the address that the reader typed, whoever holds it. */
export interface Assistant {
	id: string;
	name: string;
	scope: ActingScope;
	until: string | null;
}

/** Who acts for the reader, for whom the reader acts, and open offers to the reader. */
export interface ActingLists {
	for_me: Assistant[];
	i_for: Acting[];
	asked: Acting[];
}
