/* The checklist before a Summit opens and goes live, in words and with the page where each item is done. */
import type { LaunchItem, LaunchKey } from '#lib/database/answers/organising.ts';
import { joinList } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import type { Mode } from '#lib/registration/registration.ts';
import { modeWord } from '#lib/registration/words.ts';

export type { LaunchItem, LaunchKey } from '#lib/database/answers/organising.ts';

/** An item of the checklist as a line: in words, with its page if the reader's roles open it. */
export interface LaunchLine extends Omit<LaunchItem, 'details'> {
	label: string;
	/** What to do, or why. */
	about: string;
	detail: string;
	path: string | null;
}

interface LaunchKind {
	label: () => string;
	/** What to do, or why. */
	about: () => string;
	/** The page where it is done, after `/[summit]/organise`. */
	path: string;
	/** After `/[summit]`, for a page outside it. */
	away?: string;
}

/** The items in words, and where each is done. */
export const launchKinds: Record<LaunchKey, LaunchKind> = {
	texts: { label: m.organising_launch_texts, about: m.organising_launch_texts_about, path: '/pages' },
	seats: { label: m.organising_launch_seats, about: m.organising_launch_seats_about, path: '/seats' },
	safeguarding_contact: {
		label: m.organising_launch_safeguarding_contact,
		about: m.organising_launch_safeguarding_contact_about,
		path: '/settings/contacts'
	},
	contact: { label: m.organising_launch_contact, about: m.organising_launch_contact_about, path: '/settings/contacts' },
	consents: {
		label: m.organising_launch_consents,
		about: m.organising_launch_consents_about,
		path: '/settings/consents'
	},
	fees: { label: m.organising_launch_fees, about: m.organising_launch_fees_about, path: '/money/fees' },
	registration: {
		label: m.organising_launch_registration,
		about: m.organising_launch_registration_about,
		path: '/settings/deadlines'
	},
	place: { label: m.organising_launch_place, about: m.organising_launch_place_about, path: '/settings' },
	mail: { label: m.organising_launch_mail, about: m.organising_launch_mail_about, path: '/mail/templates' },
	owners: { label: m.organising_launch_owners, about: m.organising_launch_owners_about, path: '/roles' },
	safeguarding_lead: {
		label: m.organising_launch_safeguarding_lead,
		about: m.organising_launch_safeguarding_lead_about,
		path: '/roles'
	},
	release: { label: m.organising_launch_release, about: m.organising_launch_release_about, path: '/agenda/release' },
	stage: {
		label: m.organising_launch_stage,
		about: m.organising_launch_stage_about,
		path: '/stages',
		away: '/live/desk'
	},
	door: { label: m.organising_launch_door, about: m.organising_launch_door_about, path: '/door' }
};

const textWords: Record<string, () => string> = {
	name: m.organising_launch_text_name,
	privacy: m.ui_privacy,
	code_of_conduct: m.organising_launch_text_conduct
};

/** What is missing of an item, or what is there, as a sentence; empty where its label says all. */
export function launchDetail({ key, details }: Pick<LaunchItem, 'key' | 'details'>): string {
	if (details.length === 0) return '';
	if (key === 'seats') return joinList(details.map((mode) => modeWord(mode as Mode)));
	const missing = details.map((detail) => {
		const [kind = '', language = ''] = detail.split(':');
		return `${textWords[kind]?.() ?? kind} (${languageName(language)})`;
	});
	return m.organising_launch_missing({ what: joinList(missing) });
}

/** The items in the order of the list: what blocks and is open, what else is open, what is done. */
export function inLaunchOrder<Item extends Pick<LaunchItem, 'done' | 'blocks'>>(items: readonly Item[]): Item[] {
	const rank = ({ done, blocks }: Item) => (done ? 2 : blocks ? 0 : 1);
	return items.toSorted((a, b) => rank(a) - rank(b));
}

/** Why a state is refused: the items that have to be done first. */
export function launchRefusal(items: readonly LaunchKey[]): string {
	return m.organising_launch_refused({ items: joinList(items.map((key) => launchKinds[key].label())) });
}
