import type { Locale } from '#lib/i18n/locale.ts';
import type { Mode } from '#lib/registration/registration.ts';

import type { SentAnnouncement } from '#lib/database/answers/announcements.ts';

export type { Announcement, SentAnnouncement } from '#lib/database/answers/announcements.ts';

/** The form's content. */
export type AnnouncementDraft = Pick<SentAnnouncement, 'texts' | 'original' | 'urgent' | 'push' | 'mail'> & {
	/** The page that it links to; null: none. */
	page: string | null;
	/** How long it is shown. */
	minutes: number;
};

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
