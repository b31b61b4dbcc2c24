/* The register: its filters, and the figures, which are counted from the same rows. No I/O. */
import { folded } from '#lib/forms/folded.ts';
import { listQuery, pageNumber } from '#lib/ui/page-number.ts';
import type { CommitmentRegister, RegisteredCommitment } from '#lib/database/answers/commitments.ts';
import { text } from '#lib/i18n/locale.ts';
import { sectors } from '#lib/members/member.ts';
import { statuses, type CommitmentStatus } from './words.ts';

/** What a reader chose; '' is no choice. */
export interface RegisterFilters {
	q: string;
	theme: string;
	region: string;
	sector: string;
	status: string;
	country: string;
	summit: string;
}

const names = ['q', 'theme', 'region', 'sector', 'status', 'country', 'summit'] as const;

/** The filters of an address. */
export function filtersFrom(search: URLSearchParams): RegisterFilters {
	const value = (name: string) => (search.get(name) ?? '').trim().slice(0, 100);
	return Object.fromEntries(names.map((name) => [name, value(name)])) as unknown as RegisterFilters;
}

/** The filters in force as a query, at a page. */
export const registerQuery = (filters: Partial<RegisterFilters>, page = 1): string => listQuery(filters, page);

/** The commitments that fit the filters, in the order of the register. */
export function filtered(
	commitments: readonly RegisteredCommitment[],
	filters: RegisterFilters
): RegisteredCommitment[] {
	const words = folded(filters.q).split(/\s+/).filter(Boolean);
	return commitments.filter((one) => {
		const searched = folded(
			[text(one.title).text, one.code, one.member.name, ...one.partners.map(({ name }) => name)].join(' ')
		);
		return (
			words.every((word) => searched.includes(word)) &&
			fits(filters.theme, one.theme.slug) &&
			fits(filters.region, one.member.region) &&
			fits(filters.sector, one.member.sector) &&
			fits(filters.status, one.status) &&
			fits(filters.summit, one.summit.slug) &&
			(filters.country === '' || one.countries.includes(filters.country))
		);
	});
}

/** How many commitments a page of the register has. */
export const registerPageSize = 100;

/** The page of a list that an address asks for: what it shows, and how many there are on all pages. */
export function onPage(commitments: readonly RegisteredCommitment[], search: URLSearchParams) {
	const page = pageNumber(search);
	return {
		page,
		total: commitments.length,
		commitments: commitments.slice((page - 1) * registerPageSize, page * registerPageSize)
	};
}

const fits = (wanted: string, value: string) => wanted === '' || wanted === value;

/** The commitments of a member, as the lead or a partner. */
export function ofMember(commitments: readonly RegisteredCommitment[], code: string): RegisteredCommitment[] {
	return commitments.filter(({ member, partners }) => [member, ...partners].some((one) => one.code === code));
}

type Theme = CommitmentRegister['themes'][number];

/** The themes that are offered, and those in use that are offered no longer. */
export const themesWith = (offered: readonly Theme[], used: readonly Theme[]): Theme[] => [
	...new Map([...offered, ...used].map((theme) => [theme.slug, theme])).values()
];

/** The themes that are offered, and those of commitments of the register that are offered no longer. */
export const themesOf = ({ themes, commitments }: Pick<CommitmentRegister, 'themes' | 'commitments'>): Theme[] =>
	themesWith(
		themes,
		commitments.map(({ theme }) => theme)
	);

/** How many commitments have a value, and how many of them were delivered. */
export interface Figure {
	value: string;
	count: number;
	delivered: number;
}

/** The figures of a register. */
export interface RegisterFigures {
	theme: Figure[];
	region: Figure[];
	sector: Figure[];
	status: Figure[];
	country: Figure[];
}

/** Counts: a commitment counts once by theme, region and sector of its lead and status, and once for each of its countries. */
export function figuresOf(commitments: readonly RegisteredCommitment[]): RegisterFigures {
	const count = (valuesOf: (one: RegisteredCommitment) => readonly string[]) => {
		const found = new Map<string, Figure>();
		for (const one of commitments)
			for (const value of valuesOf(one)) {
				const figure = found.get(value) ?? { value, count: 0, delivered: 0 };
				figure.count += 1;
				if (one.status === 'delivered') figure.delivered += 1;
				found.set(value, figure);
			}
		return [...found.values()].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
	};
	return {
		theme: count(({ theme }) => [theme.slug]),
		region: count(({ member }) => (member.region === '' ? [] : [member.region])),
		sector: inOrder(
			count(({ member }) => [member.sector]),
			sectors
		),
		status: inOrder(
			count(({ status }) => [status]),
			statuses
		),
		country: count(({ countries }) => countries)
	};
}

const inOrder = (figures: Figure[], order: readonly string[]) =>
	figures.toSorted((a, b) => order.indexOf(a.value) - order.indexOf(b.value));

export type { CommitmentStatus };
