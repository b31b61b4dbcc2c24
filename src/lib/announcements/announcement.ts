import type { Locale } from '#lib/i18n/locale.ts';
import type { Mode } from '#lib/registration/registration.ts';

export type { Announcement, AnnouncementDraft, SentAnnouncement } from '#lib/database/answers/announcements.ts';

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
