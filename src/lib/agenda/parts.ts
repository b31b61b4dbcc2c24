/** Stands in a page for a part that is put in when the page is sent. */
export function placeholderOf(part: string): string {
	return `<!--part:${part}-->`;
}

/** Before the entry of a session. */
export function cutBefore(session: string): string {
	return `<!--~${session}-->`;
}

/** After an entry. */
export const cutAfter = '<!--~-->';
