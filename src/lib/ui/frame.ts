/** The frame around a page. */
export interface Frame {
	masthead: 'paper' | 'ink' | 'organise' | 'none';
	footer: boolean;
	tabs: boolean;
}

/** The frame of a route: the landing page has a dark one; the stage, the room of a meeting, the screen of a room and embedded pages have none. */
export function frameOf(routeId: string | null): Frame {
	const id = routeId ?? '';
	if (
		id.startsWith('/(stage)/community/') ||
		/^\/\(stage\)\/(?:\[summit\]\/)?live\/(?!check$|desk$|desk\/camera$).|^\/\(public\)\/\[summit\]\/(?:rooms|embed)\//.test(
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
