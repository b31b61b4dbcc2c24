import type { TextMap } from '#lib/i18n/locale.ts';

/** An open offer in the list of whoever may make it: under the name that was written, never under the address owner's. */
export interface Invitation {
	id: string;
	display_name: string;
	role: string;
	/** Offered to somebody's assistant. */
	as_assistant: boolean;
	/** A role for all Summits. */
	is_for_all: boolean;
	invited_at: string;
}

/** What the holder of a link reads; what it is about only after proving the address. `mine` is null for readers who are signed out. */
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
	/** Whom the reader answers for. */
	for?: string | null;
}

/** An open offer as its addressee reads it: a role of an organiser, or a part in a session. */
export interface MyInvitation {
	id: string;
	role: string | null;
	part: string | null;
	invited_at: string;
	/** Whom the reader answers for, as an assistant; null for themselves. */
	for: string | null;
	summit: { slug: string; name: TextMap; zone: string };
	session: { title: TextMap; slots: { start: string; end: string }[] } | null;
}
