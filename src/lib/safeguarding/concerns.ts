import type { TextMap } from '#lib/i18n/locale.ts';

/** A concern as safeguarding leads read it. */
export interface Concern {
	id: string;
	at: string;
	/** What it is about, where that is known; '' else. */
	about: string;
	/** Null: the key that sealed them is gone. */
	words: string | null;
	/** What was done. */
	note: string;
	closed_at: string | null;
	closed_by: string | null;
	session: { code: string; title: TextMap } | null;
	/** Null: they did not want to be named, or were not signed in. */
	reporter: { display_name: string; affiliation: string } | null;
}
