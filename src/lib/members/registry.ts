/* Members for organisers: rows of the list, one member, its history. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import { sortingFrom, type Sorting } from '#lib/ui/sorting.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { isRegion, regionName, regions } from './regions.ts';
import { isSector, type Sector } from './member.ts';

export type { ListedMember, MemberAct, MemberPerson, ReadMember } from '#lib/database/answers/members/members.ts';

export const standings = ['active', 'observer', 'suspended', 'left'] as const;
type Standing = (typeof standings)[number];

const standingWords: Record<Standing, () => string> = {
	active: m.members_standing_active,
	observer: m.members_standing_observer,
	suspended: m.members_standing_suspended,
	left: m.members_standing_left
};

/** A standing in the reader's words. */
export const standingWord = (standing: Standing) => standingWords[standing]();

const focalFilters = ['with', 'without'] as const;
const seatFilters = ['none', 'some', 'full', 'waiting', 'exception'] as const;

/** The columns that sort the list. */
const memberSorts = ['name', 'sector', 'country', 'hall', 'online', 'waiting'] as const;

/** The query of the list's address. */
export interface MemberQuery {
	q: string;
	sector: Sector | '';
	country: string;
	region: string;
	standing: Standing | '';
	focal: (typeof focalFilters)[number] | '';
	seats: (typeof seatFilters)[number] | '';
	sort: Sorting<(typeof memberSorts)[number]>;
	page: number;
}

function among<T extends string>(values: readonly T[], asked: string | null): T | '' {
	return values.find((value) => value === asked) ?? '';
}

/** Reads the list's query from an address, ignoring invalid values. */
export function memberQuery(search: URLSearchParams): MemberQuery {
	const sector = search.get('sector');
	const country = search.get('country') ?? '';
	return {
		q: (search.get('q') ?? '').trim().slice(0, 100),
		sector: isSector(sector) ? sector : '',
		country: /^[A-Z]{2}$/.test(country) ? country : '',
		region: (search.get('region') ?? '').slice(0, 80),
		standing: among(standings, search.get('standing')),
		focal: among(focalFilters, search.get('focal')),
		seats: among(seatFilters, search.get('seats')),
		sort: sortingFrom(search, memberSorts),
		page: pageNumber(search)
	};
}

/** The query string of a list, shortest form. */
export function memberAddress(query: MemberQuery, change: Partial<MemberQuery> = {}): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries({ ...query, page: 1, ...change })) {
		if (value !== '' && !(name === 'page' && value === 1)) search.set(name, String(value));
	}
	const text = search.toString();
	return text ? `?${text}` : '';
}

/** The parameters for the database. */
export function memberFilters({ q, sector, page: _page, ...rest }: MemberQuery): Record<string, unknown> {
	const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''));
	return { ...given, ...(q && { query: q }), ...(sector && { sectors: [sector] }) };
}

/** The regions to choose from: the six, and any others that members have. */
export function regionOptions(used: readonly string[]): { value: string; label: string }[] {
	return [...regions, ...used.filter((each) => !isRegion(each)).sort()].map((value) => ({
		value,
		label: regionName(value)
	}));
}
