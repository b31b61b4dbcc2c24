interface Place {
	route: { id: string | null };
	url: Pick<URL, 'pathname'>;
}

// The content policy of a document decides which servers it connects to, and the room of a meeting connects to LiveKit.
const room = '/(stage)/community/';
// It is shown without the data of other pages while the database is away.
const status = '/(public)/status';

/** Whether a navigation needs a new document, with the headers of its own route. */
export function needsDocument(from: Place | null, to: Place | null): boolean {
	if (from?.route.id === status && to?.route.id !== status) return true;
	return to?.route.id?.startsWith(room) === true && from?.route.id?.startsWith(room) !== true;
}

const consoleRoute = /^\/\(organiser\)\/\[summit\]\//;
/** Pages that open beside their list, which stays. */
const besideList = '/(organiser)/[summit]/organise/registrations';

/** Whether a navigation replaces one page of the organisers' console by another; a filter or an order of a list does not. */
export function isPageChange(from: Place | null, to: Place | null): boolean {
	if (!from?.route.id || !to?.route.id || from.url.pathname === to.url.pathname) return false;
	const ids = [from.route.id, to.route.id];
	return ids.every((id) => consoleRoute.test(id)) && !ids.every((id) => id.startsWith(besideList));
}
