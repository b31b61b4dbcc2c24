import { m } from '#lib/i18n/messages.ts';

/** What navigation needs of a reader. */
export interface NavReader {
	displayName: string;
	roles: readonly { role: string; summitId: string | null }[];
	/** Roles that count only once a passkey was used: their pages ask for it. */
	unconfirmedRoles?: readonly { role: string; summitId: string | null }[];
	focal: readonly { summitId: string; memberId: string }[];
	speaks: readonly string[];
	registered: readonly string[];
}

/** What it needs of the present Summit. */
export interface NavSummit {
	id: string;
	slug: string;
	state?: 'draft' | 'open' | 'live' | 'closed' | 'archived';
	/** Its last day. */
	ends_on?: string;
	registration?: 'before' | 'open' | 'closed';
	/** Whether readers find pages of its organisers in the menu. */
	hasPages?: boolean;
	/** Whether the reader finds something of what outlives a Summit. */
	hasCommunity?: boolean;
}

/** A section of what outlives a Summit. */
export type CommunitySection = 'groups' | 'commitments' | 'library' | 'campaigns';

/** One entry: an address without language, and its label. */
export interface NavEntry {
	key: string;
	href: string;
	label: string;
	/** The kinds of what waits there for organisers. */
	waits?: readonly string[];
}

/** Pages of organisers that belong together. */
export interface NavGroup {
	key: string;
	label: string;
	/** At least one. */
	entries: readonly NavEntry[];
}

const sectionLabels: Record<CommunitySection, () => string> = {
	groups: m.community_groups,
	commitments: m.community_commitments,
	library: m.library_title,
	campaigns: m.campaigns_title
};

/** The sections of the community that the reader finds. */
export function communityEntries(sections: readonly CommunitySection[]): NavEntry[] {
	return sections.map((key) => ({ key, href: `/community/${key}`, label: sectionLabels[key]() }));
}

const community = (): NavEntry => ({ key: 'community', href: '/community', label: m.community_title() });

/** Whether a Summit is over, by its state. */
export const isSummitOver = (state: NavSummit['state']): boolean => state === 'closed' || state === 'archived';

/** What is on now; once the Summit is over, its recordings. */
export function liveEntry({ slug, state }: NavSummit): NavEntry {
	return isSummitOver(state)
		? { key: 'recordings', href: `/${slug}/recordings`, label: m.recording_list_title() }
		: { key: 'live', href: `/${slug}/live`, label: m.ui_live() };
}

/** The entries of the masthead, for participants and visitors. */
export function mainEntries(reader: NavReader | null, place: NavSummit | null): NavEntry[] {
	if (!place) return [];
	const at = (path: string) => `/${place.slug}${path}`;
	return [
		...(reader ? [{ key: 'me', href: at('/me'), label: m.ui_my_summit() }] : []),
		{ key: 'agenda', href: at('/agenda'), label: m.ui_agenda() },
		liveEntry(place),
		{ key: 'speakers', href: at('/speakers'), label: m.ui_speakers() },
		...(place.hasPages ? [{ key: 'pages', href: at('/pages'), label: m.pages_information() }] : []),
		// Others have it in their own menu.
		...(!reader && place.hasCommunity ? [community()] : [])
	];
}

/** The roles that a reader holds at a Summit, whether or not they used a passkey. */
export function rolesAt({ roles, unconfirmedRoles = [] }: NavReader, place: NavSummit): string[] {
	return [...roles, ...unconfirmedRoles]
		.filter(
			({ role, summitId }) => role !== 'deputy' && role !== 'community' && (summitId === null || summitId === place.id)
		)
		.map(({ role }) => role);
}

/** A reader's further entries, beyond attending. */
export function ownEntries(reader: NavReader | null, place: NavSummit | null): NavEntry[] {
	if (!reader || !place) return [];
	const at = (path: string) => `/${place.slug}${path}`;
	const roles = rolesAt(reader, place);
	return [
		...(place.registration === 'open' && !reader.registered.includes(place.id)
			? [{ key: 'register', href: at('/register'), label: m.ui_register() }]
			: []),
		{ key: 'my-agenda', href: at('/me/agenda'), label: m.ui_my_agenda() },
		{ key: 'announcements', href: at('/announcements'), label: m.announcements_title() },
		...(reader.focal.some(({ summitId }) => summitId === place.id)
			? [{ key: 'delegation', href: at('/delegation'), label: m.ui_delegation() }]
			: []),
		...(reader.speaks.includes(place.id) ? [{ key: 'speak', href: at('/speak'), label: m.ui_speak() }] : []),
		...(roles.some((role) => role !== 'door')
			? [{ key: 'organise', href: at('/organise'), label: m.ui_organise() }]
			: []),
		...(roles.some((role) => role === 'door' || role === 'owner' || role === 'registration')
			? [{ key: 'door', href: at('/door'), label: m.ui_door() }]
			: []),
		...(place.hasCommunity ? [community()] : [])
	];
}

/** Whether an address (without language) is the entry's page or below it. */
function isAt(path: string, href: string): boolean {
	return path === href || path.startsWith(`${href}/`);
}

/** The most specific entry for an address: `/me/badge` is the badge's, not "Today"'s. */
export function currentEntry(path: string, entries: readonly NavEntry[]): string | null {
	return (
		entries
			.filter(({ href }) => isAt(path, href))
			.sort((a, b) => b.href.length - a.href.length)
			.at(0)?.key ?? null
	);
}
