/** Somebody who may act for another. */
export interface Acting {
	id: string;
	display_name: string;
	scope: 'all' | 'registration' | 'speaking';
	until: string | null;
}

/** Who acts for the reader, and for whom the reader acts. */
export interface ActingLists {
	for_me: Acting[];
	i_for: Acting[];
}
