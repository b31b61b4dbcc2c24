import { m } from '#lib/i18n/messages.ts';
import { rolesAt, type NavEntry, type NavSummit, type NavReader } from '../navigation.ts';

interface OrganiseEntry {
	/** After `/[summit]/organise`. */
	path: string;
	/** After `/[summit]`, for a page outside it. */
	away?: string;
	label: () => string;
	/** Other pages of the same task. */
	also?: readonly string[];
	/** The roles that see it; an owner sees all except safeguarding's. */
	roles: readonly string[];
}

/** The organisers' navigation, in order. Add a line for each page that exists. */
const entries: OrganiseEntry[] = [
	{ path: '', label: m.ui_organise_overview, roles: ['programme', 'registration', 'finance', 'stage', 'safeguarding'] },
	{ path: '/today', label: m.ui_today, roles: ['programme', 'registration', 'stage', 'safeguarding'] },
	{ path: '/figures', label: m.ui_organise_figures, roles: ['registration'] },
	{ path: '/registrations', label: m.ui_organise_accreditation, roles: ['registration'] },
	{ path: '/members', label: m.ui_organise_members, roles: ['registration', 'finance'] },
	{ path: '/seats', label: m.ui_organise_seats, roles: ['registration', 'finance'] },
	{ path: '/agenda', label: m.ui_agenda, roles: ['programme'] },
	{ path: '/proposals', label: m.ui_organise_proposals, roles: ['programme'] },
	{ path: '/speakers', label: m.ui_speakers, roles: ['programme'] },
	{ path: '/stages', away: '/live/desk', label: m.ui_organise_stages, roles: ['stage'] },
	{ path: '/camera', away: '/live/desk/camera', label: m.stage_camera_nav, roles: ['stage', 'programme'] },
	{ path: '/attendance', label: m.presence_sessions_title, roles: ['programme', 'stage', 'registration'] },
	{ path: '/help-desk', label: m.help_desk_title, roles: ['registration'] },
	{ path: '/badges', label: m.badges_title, roles: ['registration'] },
	{ path: '/certificates', label: m.presence_certificate_all_title, roles: ['registration'] },
	{ path: '/door', label: m.door_organise_title, roles: ['registration', 'safeguarding'] },
	{ path: '/recordings', label: m.ui_organise_recordings, roles: ['programme'] },
	{
		path: '/announcements',
		label: m.announcements_title,
		roles: ['programme', 'registration', 'stage', 'safeguarding']
	},
	{ path: '/money', also: ['/orders'], label: m.ui_organise_money, roles: ['finance'] },
	{ path: '/mail', label: m.ui_organise_messages, roles: ['registration'] },
	{
		path: '/logistics',
		label: m.ui_organise_logistics,
		roles: ['registration', 'programme', 'finance', 'stage', 'safeguarding']
	},
	{ path: '/safeguarding', label: m.ui_organise_safeguarding, roles: ['safeguarding'] },
	{
		path: '/audit',
		label: m.ui_organise_history,
		roles: ['registration', 'finance', 'safeguarding', 'stage', 'programme']
	},
	{ path: '/roles', label: m.ui_organise_roles, roles: ['safeguarding'] },
	{ path: '/settings', label: m.ui_organise_settings, roles: [] }
];

/**
 * The entries that the reader's roles at this Summit open. Made on the server, so that no other page contains their
 * texts.
 */
export function organiseEntries(reader: NavReader | null, place: NavSummit | null): NavEntry[] {
	if (!reader || !place) return [];
	const held = rolesAt(reader, place);
	return entries
		.filter(({ roles }) => held.includes('owner') || roles.some((role) => held.includes(role)))
		.map(({ path, away, label, also = [] }) => ({
			key: path || 'overview',
			href: `/${place.slug}${away ?? `/organise${path}`}`,
			label: label(),
			also: also.map((other) => `/${place.slug}/organise${other}`)
		}));
}
