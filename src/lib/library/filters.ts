/* What a reader searches and chooses in the library, as an address. No I/O. */
import { listQuery, pageNumber } from '#lib/ui/page-number.ts';

/** '' is no choice; `page` begins with 1. */
export interface LibraryFilters {
	q: string;
	source: string;
	kind: string;
	language: string;
	year: string;
	theme: string;
	/** The code of a group. */
	group: string;
	page: number;
}

/** How many results a page has, as in the database. */
export const pageSize = 20;

const names = ['q', 'source', 'kind', 'language', 'year', 'theme', 'group'] as const;

/** The filters of an address. */
export function libraryFiltersFrom(search: URLSearchParams): LibraryFilters {
	const value = (name: string) => (search.get(name) ?? '').trim().slice(0, 100);
	const page = pageNumber(search);
	const chosen = Object.fromEntries(names.map((name) => [name, value(name)])) as Record<(typeof names)[number], string>;
	return { ...chosen, page };
}

/** The filters in force as a query, at a page. */
export const libraryQuery = ({ page: _, ...filters }: LibraryFilters, page = 1): string => listQuery(filters, page);
