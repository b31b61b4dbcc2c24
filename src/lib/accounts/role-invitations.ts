import type { TextMap } from '#lib/i18n/locale.ts';

/** An open offer in the list of those who may make it: under the name that was entered, never under the holder's. */
export interface Invitation {
	id: string;
	display_name: string;
	role: string;
	/** Offered to a person's assistant. */
	as_assistant: boolean;
	/** A role for all Summits. */
	is_for_all: boolean;
	invited_at: string;
}

/** What the holder of a link reads; its subject only after proving the address. `mine` is null for readers who are signed out. */
export interface SessionInvitation {
	state: 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
	part: string;
	as_assistant: boolean;
	until: string;
	/** Slug. */
	summit: string;
	mine: boolean | null;
	id?: string;
	title?: TextMap;
	/** The person for whom the reader answers. */
	for?: string | null;
}

/** An open offer as its recipient reads it: a role of an organiser, or a part in a session. */
export interface MyInvitation {
	id: string;
	role: string | null;
	part: string | null;
	invited_at: string;
	/** The person for whom the reader answers as an assistant; null for themselves. */
	for: string | null;
	summit: { slug: string; name: TextMap; zone: string };
	session: { title: TextMap; slots: { start: string; end: string }[] } | null;
}
