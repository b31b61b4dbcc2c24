/* Filters and order of the organisers' list, in the address and for the database. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import type { Sorting } from '#lib/ui/sorting.ts';
import { isRegion } from '#lib/members/regions.ts';
import { isSector, type Sector } from '#lib/members/member.ts';
import { type AccreditationTab, accreditationTabs } from './accreditation.ts';
import { categories, registrationStates, type Mode, type RegistrationState } from './registration.ts';
import type { WaitReason } from '#lib/database/answers/registration/accreditation.ts';

/** Whose turn it is for a registration. */
export const waits = {
	organiser: m.registration_waits_organiser,
	second: m.registration_waits_second,
	person: m.registration_waits_person,
	guardian: m.registration_waits_guardian,
	payment: m.registration_waits_payment,
	seat: m.registration_waits_seat
} as const satisfies Record<WaitReason, () => string>;

/** Marks that can be used as filters. */
export const flags = {
	late: m.registration_flag_late,
	answered: m.registration_flag_answered,
	unanswered: m.registration_flag_unanswered,
	re_review: m.registration_flag_re_review,
	notes: m.registration_flag_notes,
	unlisted: m.registration_person_not_linked,
	logistics: m.registration_flag_logistics,
	alias: m.registration_person_alias
} as const;
export type Flag = keyof typeof flags;

export const registrationSorts = {
	sent: m.registration_sort_sent,
	time: m.registration_sort_time,
	name: m.registration_delegation_name,
	member: m.registration_field_member,
	sector: m.registration_member_sector,
	mode: m.registration_delegation_invite_mode
} as const;
type Sort = keyof typeof registrationSorts;

/** The query of the address. */
export interface ListQuery {
	tab: AccreditationTab;
	text: string;
	states: readonly RegistrationState[];
	mode: Mode | null;
	sector: Sector | null;
	region: string | null;
	country: string | null;
	category: string | null;
	member: string | null;
	pool: string | null;
	waits: WaitReason | null;
	flag: Flag | null;
	/** The id of a question and a value of its answer, with a colon between them. */
	answer: string | null;
	/** The ids of the questions whose answers are columns. */
	columns: readonly string[];
	sort: Sort;
	desc: boolean;
	/** The row before the page, as the database named it; '' for the first page. */
	after: string;
}

/** More columns than these do not fit on a screen. */
const mostColumns = 5;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const answerForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[\w.-]{1,40}$/;
const known = <T extends string>(all: readonly T[], value: string | null): T | null =>
	all.find((each) => each === value) ?? null;
const keysOf = <T extends object>(record: T) => Object.keys(record) as (keyof T & string)[];
const fitting = (value: string | null, form: RegExp) => (value !== null && form.test(value) ? value : null);

/**
 * Reads the list's query from an address, ignoring invalid values. Without a tab it lists everyone who matches the filters, and without
 * filters the registrations to decide.
 */
export function registrationListQuery(search: URLSearchParams): ListQuery {
	const asked = accreditationTabs.find(({ key }) => key === search.get('tab'))?.key;
	const sector = search.get('sector');
	const region = search.get('region');
	const columns = search.getAll('column').filter((each) => uuid.test(each));
	const query: Omit<ListQuery, 'tab'> = {
		text: (search.get('q') ?? '').trim().slice(0, 100),
		states: registrationStates.filter((state) => search.getAll('state').includes(state)),
		mode: known(['in_person', 'virtual'], search.get('mode')),
		sector: isSector(sector) ? sector : null,
		region: isRegion(region) ? region : null,
		country: fitting(search.get('country'), /^[A-Z]{2}$/),
		category: known(categories, search.get('category')),
		member: fitting(search.get('member'), uuid),
		pool: fitting(search.get('pool'), uuid),
		waits: known(keysOf(waits), search.get('waits')),
		flag: known(keysOf(flags), search.get('flag')),
		answer: search.getAll('answer').find((each) => answerForm.test(each)) ?? null,
		columns: [...new Set(columns)].slice(0, mostColumns),
		sort: known(keysOf(registrationSorts), search.get('sort')) ?? 'sent',
		desc: search.get('order') === 'desc',
		after: (search.get('after') ?? '').slice(0, 400)
	};
	return { tab: asked ?? (isListNarrowed(query) ? 'all' : 'decide'), ...query };
}

/** Whether any filter apart from the tab is set. */
export function isListNarrowed(query: Omit<ListQuery, 'tab'>): boolean {
	return query.text !== '' || query.states.length > 0 || filterNames.some((name) => query[name] !== null);
}

const filterNames = [
	'mode',
	'sector',
	'region',
	'country',
	'category',
	'member',
	'pool',
	'waits',
	'flag',
	'answer'
] as const;

/** The query without its filters: the tab alone. */
export const unfiltered = {
	text: '',
	states: [],
	mode: null,
	sector: null,
	region: null,
	country: null,
	category: null,
	member: null,
	pool: null,
	waits: null,
	flag: null,
	answer: null
} as const satisfies Partial<ListQuery>;

/** The query string of a list, shortest form: '' or '?tab=…'. Any change but that of the page starts at its first page. */
export function listAddress(query: ListQuery, change: Partial<ListQuery> = {}): string {
	const next = { ...query, after: '', ...change };
	const search = new URLSearchParams();
	if (next.tab !== 'decide' || isListNarrowed(next)) search.set('tab', next.tab);
	if (next.text) search.set('q', next.text);
	for (const state of next.states) search.append('state', state);
	for (const name of filterNames) {
		const value = next[name];
		if (value !== null) search.set(name, value);
	}
	for (const column of next.columns) search.append('column', column);
	if (next.sort !== 'sent') search.set('sort', next.sort);
	if (next.desc) search.set('order', 'desc');
	if (next.after) search.set('after', next.after);
	const text = search.toString();
	return text ? `?${text}` : '';
}

// The columns of the table that sort it. The most days are first in "longest in its state".
const sortsOfColumns: Record<string, Sort> = {
	name: 'name',
	member: 'member',
	sector: 'sector',
	how: 'mode',
	days: 'time'
};

/** The order as the heads of the columns show it. */
export function columnSorting({ sort, desc }: ListQuery): Sorting {
	const column = Object.keys(sortsOfColumns).find((key) => sortsOfColumns[key] === sort);
	if (column === undefined) return '';
	return desc === (column === 'days') ? column : `-${column}`;
}

/** The change of the query after a press on the head of a column. */
export function sortedBy(sorting: Sorting): Pick<ListQuery, 'sort' | 'desc'> {
	const column = sorting.replace(/^-/, '');
	return {
		sort: sortsOfColumns[column] ?? 'sent',
		desc: sorting !== '' && sorting.startsWith('-') !== (column === 'days')
	};
}

/** The parameters for the database. */
export function listFilters(query: ListQuery): Record<string, unknown> {
	const chosen = filterNames.filter((name) => query[name] !== null).map((name) => [name, query[name]] as const);
	return {
		...(query.tab !== 'all' && { tab: query.tab }),
		...(query.states.length > 0 && { states: query.states }),
		...Object.fromEntries(chosen),
		...(query.text && { query: query.text }),
		...(query.sort !== 'sent' && { sort: query.sort }),
		...(query.desc && { desc: true })
	};
}
