/** In what somebody acts for another. */
export const actingScopes = ['all', 'registration', 'speaking'] as const;
export type ActingScope = (typeof actingScopes)[number];

/** Somebody who may act for another, or asks to have it so. */
interface Acting {
	id: string;
	display_name: string;
	scope: ActingScope;
	until: string | null;
}

/** An offer that its holder has not answered: the address is as the reader typed it. */
export interface ActingOffer {
	id: string;
	address: string;
	scope: ActingScope;
	until: string;
}

/** Somebody who acts for the reader: named by the address that the reader typed, whoever's it is. */
export interface Assistant {
	id: string;
	name: string;
	scope: ActingScope;
	until: string | null;
}

/** Who acts for the reader, for whom the reader acts, and who asks the reader to. */
export interface ActingLists {
	for_me: Assistant[];
	i_for: Acting[];
	asked: Acting[];
}
