import { page } from '$app/state';

/** The address that the reader sees: a refusal is drawn by a route of its own, under the address that was refused. */
export function shownAddress(): string {
	return page.data.shownAt ?? page.url.pathname + page.url.search;
}
