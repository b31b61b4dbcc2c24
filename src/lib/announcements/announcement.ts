import type { Locale, TextMap } from '#lib/i18n/locale.ts';
import type { Mode } from '#lib/registration/registration.ts';

/** An announcement as one of its readers sees it. */
export interface Announcement {
	id: string;
	/** The language that it is shown in. */
	language: Locale;
	title: string;
	body: string;
	/** The page that it links to, under the Summit's address; null: none. */
	page: string | null;
	urgent: boolean;
	/** When it was made, ISO. */
	at: string;
	seen: boolean;
}

export const audiences = ['everyone', 'mode', 'language', 'room', 'session', 'session_people'] as const;
export type Audience = (typeof audiences)[number];

/** The audience of an announcement. */
export interface Target {
	audience: Audience;
	mode?: Mode;
	language?: Locale;
	room?: string;
	session?: string;
}

/** The form's content. */
export interface AnnouncementDraft {
	texts: Partial<Record<Locale, { title: string; body: string }>>;
	original: Locale;
	page: string | null;
	urgent: boolean;
	push: boolean;
	mail: boolean;
	/** How long it is shown. */
	minutes: number;
}

/** A sent announcement with its reach, as organisers see it. */
export interface SentAnnouncement extends Omit<AnnouncementDraft, 'page' | 'minutes'> {
	id: string;
	audience: Audience;
	mode: Mode | null;
	language: Locale | null;
	room: TextMap | null;
	session: TextMap | null;
	at: string;
	until: string;
	withdrawn_at: string | null;
	by: string | null;
	people: number;
	delivered: number;
	seen: number;
	mailed: number;
	pushed: number;
	push_failed: number;
}
