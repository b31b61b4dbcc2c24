/* The organisers' list of badges: its filters and its rows. No I/O. */
import { isId } from '#lib/forms/ids.ts';
import { categories } from '#lib/registration/registration.ts';

export type { BadgeList, ListedBadge } from '#lib/database/answers/badges.ts';

/** The filters of the list; '' where not set. */
export interface BadgeQuery {
	q: string;
	category: string;
	member: string;
	printed: '' | 'yes' | 'no';
	/** The first day on which a badge was issued, "2027-06-09". */
	since: string;
	page: number;
}

/** Reads the filters of an address or a form, ignoring invalid values. */
export function badgeQuery(search: URLSearchParams): BadgeQuery {
	const of = (name: string) => search.get(name) ?? '';
	const page = Number(of('page'));
	const printed = of('printed');
	return {
		q: of('q').trim().slice(0, 100),
		category: categories.find((each) => each === of('category')) ?? '',
		member: isId(of('member')) ? of('member') : '',
		printed: printed === 'yes' || printed === 'no' ? printed : '',
		since: /^\d{4}-\d\d-\d\d$/.test(of('since')) && !Number.isNaN(Date.parse(of('since'))) ? of('since') : '',
		page: Number.isInteger(page) && page > 0 && page < 10_000 ? page : 1
	};
}

/** The query string of a list, shortest form. */
export function badgeAddress(query: BadgeQuery, change: Partial<BadgeQuery> = {}): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries({ ...query, page: 1, ...change }))
		if (value !== '' && !(name === 'page' && value === 1)) search.set(name, String(value));
	const text = search.toString();
	return text ? `?${text}` : '';
}

/** The parameters for the database. */
export function badgeFilters({ q, category, member, printed, since }: BadgeQuery): Record<string, string> {
	return Object.fromEntries(
		Object.entries({ query: q, category, member, printed, since }).filter(([, value]) => value !== '')
	);
}

/** Why a badge is revoked, as the audit stores it. */
// eslint-disable-next-line local/literal-text -- stored in English
export const badgeReasons = ['Lost', 'Torn or unreadable', 'Another name or office', 'Printed wrongly'] as const;
export type BadgeReason = (typeof badgeReasons)[number];
