import { m } from '#lib/i18n/messages.ts';

/** The confidentiality level of a session, from open to closed. */
export const levels = ['public', 'members', 'chatham_house', 'closed'] as const;
export type Level = (typeof levels)[number];

/** The name of a level. */
export function levelWord(level: Level): string {
	return {
		public: m.ui_level_public,
		members: m.ui_level_members,
		chatham_house: m.ui_level_chatham_house,
		closed: m.ui_level_closed
	}[level]();
}

/** The meaning of a level, in a sentence. */
export function levelMeaning(level: Level): string {
	return {
		public: m.ui_level_public_meaning,
		members: m.ui_level_members_meaning,
		chatham_house: m.ui_level_chatham_house_meaning,
		closed: m.ui_level_closed_meaning
	}[level]();
}
