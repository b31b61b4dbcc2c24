import type { Entry, Place, Reader } from './navigation.ts';

interface OrganiseEntry {
	/** After `/[summit]/organise`. */
	path: string;
	/** After `/[summit]`, of a page that stands elsewhere. */
	away?: string;
	label: string;
	/** Other pages of the same work. */
	also?: readonly string[];
	/** Who sees it; an owner sees all but safeguarding's. */
	roles: readonly string[];
}

/** The organisers' masthead, in order. Add a line for each page that exists. */
const entries: OrganiseEntry[] = [
	{ path: '', label: 'Overview', roles: ['programme', 'registration', 'finance', 'stage', 'safeguarding'] },
	{ path: '/today', label: 'Today', roles: ['programme', 'registration', 'stage', 'safeguarding'] },
	{ path: '/figures', label: 'Figures', roles: ['registration'] },
	{ path: '/registrations', label: 'Accreditation', roles: ['registration'] },
	{ path: '/members', label: 'Members', roles: ['registration', 'finance'] },
	{ path: '/seats', label: 'Seats', roles: ['registration', 'finance'] },
	{ path: '/agenda', label: 'Agenda', roles: ['programme'] },
	{ path: '/proposals', label: 'Proposals', roles: ['programme'] },
	{ path: '/speakers', label: 'Speakers', roles: ['programme'] },
	{ path: '/stages', away: '/live/desk', label: 'Stages', roles: ['stage'] },
	{ path: '/attendance', label: 'Attendance', roles: ['programme', 'stage', 'registration'] },
	{ path: '/help-desk', label: 'Help desk', roles: ['registration'] },
	{ path: '/badges', label: 'Badges', roles: ['registration'] },
	{ path: '/certificates', label: 'Certificates', roles: ['registration'] },
	{ path: '/door', label: 'Door', roles: ['registration', 'safeguarding'] },
	{ path: '/recordings', label: 'Recordings', roles: ['programme'] },
	{ path: '/announcements', label: 'Announcements', roles: ['programme', 'registration', 'stage', 'safeguarding'] },
	{ path: '/money', also: ['/orders'], label: 'Money', roles: ['finance'] },
	{ path: '/mail', label: 'Messages', roles: ['registration'] },
	{ path: '/details', label: 'Second form', roles: ['registration', 'programme', 'finance', 'stage', 'safeguarding'] },
	{ path: '/safeguarding', label: 'Safeguarding', roles: ['safeguarding'] },
	{ path: '/audit', label: 'History', roles: ['registration', 'finance', 'safeguarding', 'stage'] },
	{ path: '/roles', label: 'Roles', roles: [] },
	{ path: '/settings', label: 'Settings', roles: [] }
];

/** The entries that the reader's roles at this Summit open. */
export function organiseEntries(reader: Reader | null, place: Place | null): Entry[] {
	if (!reader || !place) return [];
	const held = reader.roles
		.filter(({ summitId }) => summitId === null || summitId === place.id)
		.map(({ role }) => role);
	return entries
		.filter(({ roles }) => held.includes('owner') || roles.some((role) => held.includes(role)))
		.map(({ path, away, label, also = [] }) => ({
			key: path || 'overview',
			href: `/${place.slug}${away ?? `/organise${path}`}`,
			label,
			also: also.map((other) => `/${place.slug}/organise${other}`)
		}));
}
