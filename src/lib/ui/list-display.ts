/* How tables of organisers are shown on this device: rows close together or not, and which columns. No I/O. */

/** Columns are hidden by list, which is named by its place after `/organise/`. */
export interface ListDisplay {
	isCompact: boolean;
	hidden: Readonly<Record<string, readonly string[]>>;
}

/** The cookie that stores it; absent while nothing was chosen. */
export const displayCookie = 'list-display';

const list = /^[a-z-]{1,40}(?:\/[a-z-]{1,40}){0,2}$/;
const column = /^[a-z_]{1,30}$/;
const mostLists = 40;

/** Reads the cookie, ignoring what has not this form: `compact.orders~due~state.money/invoices~due`. */
export function displayFrom(value: string | undefined): ListDisplay {
	const [first, ...lists] = (value ?? '').split('.');
	const hidden = lists.slice(-mostLists).flatMap((each) => {
		const [name = '', ...columns] = each.split('~');
		return list.test(name) && columns.length > 0 && columns.every((one) => column.test(one)) ? [[name, columns]] : [];
	});
	return { isCompact: first === 'compact', hidden: Object.fromEntries(hidden) as Record<string, string[]> };
}

/** The value of the cookie; '' for what everybody sees. */
export function displayText({ isCompact, hidden }: ListDisplay): string {
	const lists = Object.entries(hidden).filter(([, columns]) => columns.length > 0);
	const text = [isCompact ? 'compact' : '', ...lists.map(([name, columns]) => [name, ...columns].join('~'))].join('.');
	return text === '.' ? '' : text;
}

/** The list of a route of organisers, also while one of its rows is open; '' elsewhere. */
export function listOfRoute(routeId: string | null): string {
	return /\/organise\/([a-z-]+(?:\/[a-z-]+)*)/.exec(routeId ?? '')?.[1] ?? '';
}
