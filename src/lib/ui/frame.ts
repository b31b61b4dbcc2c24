/** The frame around a page. */
export interface Frame {
	masthead: 'paper' | 'ink' | 'organise' | 'none';
	footer: boolean;
	tabs: boolean;
}

/** Whether other sites may embed the page of a route: it is rendered as for a signed-out reader. */
export const isEmbeddedRoute = (routeId: string | null): boolean =>
	/^\/\((?:public\)\/\[summit\]\/embed\/|community\)\/community\/commitments\/embed$)/.test(routeId ?? '');

/** The frame of a route: the landing page has a dark one; the stage, the room of a meeting, screens of the venue and embedded pages have none. */
export function frameOf(routeId: string | null): Frame {
	const id = routeId ?? '';
	if (
		id.startsWith('/(stage)/community/') ||
		isEmbeddedRoute(id) ||
		/^\/\(stage\)\/(?:\[summit\]\/)?live\/(?!check$|desk$|desk\/camera$).|^\/\(public\)\/\[summit\]\/(?:rooms|screens)\//.test(
			id
		)
	)
		return { masthead: 'none', footer: false, tabs: false };
	if (
		id.startsWith('/(organiser)') ||
		id.startsWith('/(door)') ||
		/^\/\(stage\)\/\[summit\]\/live\/desk(?:\/camera)?$/.test(id)
	) {
		return { masthead: 'organise', footer: false, tabs: false };
	}
	if (id === '/(public)' || id === '/(public)/[summit]') return { masthead: 'ink', footer: true, tabs: true };
	return { masthead: 'paper', footer: true, tabs: true };
}
