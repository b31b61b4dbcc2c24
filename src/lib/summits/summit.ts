import { locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Room, Summit } from '#lib/database/answers/summits.ts';

export type { Contact, SummitHeading, OwnSummit, Room, Summit } from '#lib/database/answers/summits.ts';

/** The states of a Summit. */
export type SummitState = 'draft' | 'open' | 'live' | 'closed' | 'archived';

const stateWords: Record<SummitState, () => string> = {
	draft: m.ui_organise_summit_draft,
	open: m.ui_organise_summit_open,
	live: m.ui_organise_summit_live,
	closed: m.ui_organise_summit_closed,
	archived: m.ui_organise_summit_archived
};

/** The state of a Summit in a list: "draft". */
export const summitStateWord = (state: SummitState): string => stateWords[state]();

/** The rooms for rest, of all rooms of a Summit. */
export const quietRooms = (rooms: readonly Room[]): Room[] => rooms.filter((room) => room.is_quiet_room);

/** Words that start an address and so can be no Summit's slug. */
const reservedSlugs = [
	...locales,
	'sign-in',
	'sign-out',
	'account',
	'calendar',
	'webhooks',
	'api',
	'healthz',
	'readyz',
	'status',
	'sample',
	'privacy',
	'accessibility',
	'invitation',
	'organise',
	'new',
	'files',
	'offline',
	'preview',
	'talk',
	'live',
	'community',
	'unsubscribe'
];

/** Whether a text can be the slug of a Summit. */
export function isSlug(value: string): boolean {
	return /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(value) && !reservedSlugs.some((word) => word === value);
}

/** The part of a Summit that every page has; a page's own load adds the rest. */
const slimKeys = [
	'id',
	'slug',
	'name',
	'zone',
	'city',
	'starts_on',
	'ends_on',
	'state',
	'registration',
	'registration_opens_at',
	'registration_closes_at'
] as const satisfies readonly (keyof Summit)[];
export type SlimSummit = Pick<Summit, (typeof slimKeys)[number]>;

/** The Summit as every page has it. */
export function slim(summit: Summit): SlimSummit {
	return Object.fromEntries(slimKeys.map((key) => [key, summit[key]])) as unknown as SlimSummit;
}
