/** The page of a list that an address asks for: a whole number from 1 to 10,000, and 1 where it asks for none. */
export function pageNumber(search: URLSearchParams): number {
	const asked = Math.trunc(Number(search.get('page') ?? 1)) || 1;
	return Math.min(Math.max(asked, 1), 10_000);
}
