import { page } from '$app/state';

/** The address that the reader sees: a refusal is rendered by another route, under the refused address. */
export function shownAddress(): string {
	return page.data.shownAt ?? page.url.pathname + page.url.search;
}
