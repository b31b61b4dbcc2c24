/** What surrounds a page. */
export interface Frame {
	masthead: 'paper' | 'ink' | 'organise' | 'none';
	footer: boolean;
	tabs: boolean;
}

/** Which frame a route takes: the landing stands on ink; the stage, the screen of a room and what others embed have none of ours. */
export function frameOf(routeId: string | null): Frame {
	const id = routeId ?? '';
	if (/^\/\(stage\)\/(?:\[summit\]\/)?live\/(?!check$|desk$).|^\/\(public\)\/\[summit\]\/(?:rooms|embed)\//.test(id))
		return { masthead: 'none', footer: false, tabs: false };
	if (id.startsWith('/(organiser)') || id.startsWith('/(door)') || id === '/(stage)/[summit]/live/desk')
		return { masthead: 'organise', footer: false, tabs: false };
	if (id === '/(public)' || id === '/(public)/[summit]') return { masthead: 'ink', footer: true, tabs: true };
	return { masthead: 'paper', footer: true, tabs: true };
}
