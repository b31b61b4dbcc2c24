import { m } from '#lib/i18n/messages.ts';
import type { NavEntry, NavSummit, NavReader } from '../navigation.ts';

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
	{ path: '', label: m.organise_overview, roles: ['programme', 'registration', 'finance', 'stage', 'safeguarding'] },
	{ path: '/today', label: m.shell_today, roles: ['programme', 'registration', 'stage', 'safeguarding'] },
	{ path: '/figures', label: m.organise_figures, roles: ['registration'] },
	{ path: '/registrations', label: m.organise_accreditation, roles: ['registration'] },
	{ path: '/members', label: m.organise_members, roles: ['registration', 'finance'] },
	{ path: '/seats', label: m.organise_seats, roles: ['registration', 'finance'] },
	{ path: '/agenda', label: m.shell_agenda, roles: ['programme'] },
	{ path: '/proposals', label: m.organise_proposals, roles: ['programme'] },
	{ path: '/speakers', label: m.shell_speakers, roles: ['programme'] },
	{ path: '/stages', away: '/live/desk', label: m.organise_stages, roles: ['stage'] },
	{ path: '/attendance', label: m.presence_sessions_title, roles: ['programme', 'stage', 'registration'] },
	{ path: '/help-desk', label: m.helpdesk_title, roles: ['registration'] },
	{ path: '/badges', label: m.badges_title, roles: ['registration'] },
	{ path: '/certificates', label: m.certificate_all_title, roles: ['registration'] },
	{ path: '/door', label: m.doors_title, roles: ['registration', 'safeguarding'] },
	{ path: '/recordings', label: m.organise_recordings, roles: ['programme'] },
	{
		path: '/announcements',
		label: m.announcements_title,
		roles: ['programme', 'registration', 'stage', 'safeguarding']
	},
	{ path: '/money', also: ['/orders'], label: m.organise_money, roles: ['finance'] },
	{ path: '/mail', label: m.organise_messages, roles: ['registration'] },
	{
		path: '/details',
		label: m.organise_second_form,
		roles: ['registration', 'programme', 'finance', 'stage', 'safeguarding']
	},
	{ path: '/safeguarding', label: m.organise_safeguarding, roles: ['safeguarding'] },
	{ path: '/audit', label: m.organise_history, roles: ['registration', 'finance', 'safeguarding', 'stage'] },
	{ path: '/roles', label: m.organise_roles, roles: ['safeguarding'] },
	{ path: '/settings', label: m.organise_settings, roles: [] }
];

/**
 * The entries that the reader's roles at this Summit open. Made on the server, so that no other page contains their
 * texts.
 */
export function organiseEntries(reader: NavReader | null, place: NavSummit | null): NavEntry[] {
	if (!reader || !place) return [];
	const held = reader.roles
		.filter(({ summitId }) => summitId === null || summitId === place.id)
		.map(({ role }) => role);
	return entries
		.filter(({ roles }) => held.includes('owner') || roles.some((role) => held.includes(role)))
		.map(({ path, away, label, also = [] }) => ({
			key: path || 'overview',
			href: `/${place.slug}${away ?? `/organise${path}`}`,
			label: label(),
			also: also.map((other) => `/${place.slug}/organise${other}`)
		}));
}
