/** What surrounds a page. */
export interface Frame {
	masthead: 'paper' | 'ink' | 'organise' | 'none';
	footer: boolean;
	tabs: boolean;
	/** What stands within is in English, whatever the language of the address. */
	english?: boolean;
}

/** Pages of organisers whose words are messages: those of the days of the Summit, which are read at its desks and doors. */
const translated = /\/organise\/(?:announcements|attendance|badges|certificates|door|help-desk|today)(?:\/|$)/;

/** Which frame a route takes: the landing stands on ink; the stage, the screen of a room and what others embed have none of ours. */
export function frameOf(routeId: string | null): Frame {
	const id = routeId ?? '';
	if (/^\/\(stage\)\/(?:\[summit\]\/)?live\/(?!check$|desk$).|^\/\(public\)\/\[summit\]\/(?:rooms|embed)\//.test(id))
		return { masthead: 'none', footer: false, tabs: false };
	if (id.startsWith('/(organiser)') || id.startsWith('/(door)') || id === '/(stage)/[summit]/live/desk') {
		const english = id.startsWith('/(organiser)') && !translated.test(id);
		return { masthead: 'organise', footer: false, tabs: false, english };
	}
	if (id === '/(public)' || id === '/(public)/[summit]') return { masthead: 'ink', footer: true, tabs: true };
	return { masthead: 'paper', footer: true, tabs: true };
}
