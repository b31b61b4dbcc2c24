import { m } from '#lib/i18n/messages.ts';

/** How closely a session is held, from open to closed. */
export const levels = ['public', 'members', 'chatham_house', 'closed'] as const;
export type Level = (typeof levels)[number];

/** The level in a word or two. */
export function levelWord(level: Level): string {
	return {
		public: m.shell_level_public,
		members: m.shell_level_members,
		chatham_house: m.shell_level_chatham_house,
		closed: m.shell_level_closed
	}[level]();
}

/** What the level means, in a sentence. */
export function levelMeaning(level: Level): string {
	return {
		public: m.shell_level_public_meaning,
		members: m.shell_level_members_meaning,
		chatham_house: m.shell_level_chatham_house_meaning,
		closed: m.shell_level_closed_meaning
	}[level]();
}
