/* Which lines of a transcript an organiser looks at, as an address. No I/O. */
import { listQuery, pageNumber } from '#lib/ui/page-number.ts';

/** '' is no choice; `page` begins with 1. */
export interface TranscriptFilters {
	q: string;
	language: string;
	page: number;
}

/** How many lines a page has, as in the database. */
export const transcriptPageSize = 100;

/** The filters of an address. */
export function transcriptFiltersFrom(search: URLSearchParams): TranscriptFilters {
	const value = (name: string) => (search.get(name) ?? '').trim().slice(0, 100);
	return { q: value('q'), language: value('language'), page: pageNumber(search) };
}

/** The filters in force as a query, at a page. */
export const transcriptQuery = ({ q, language }: TranscriptFilters, page = 1): string =>
	listQuery({ q, language }, page);
