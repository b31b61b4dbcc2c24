import { m } from '#lib/i18n/messages.ts';
import type { NavEntry, NavGroup, NavSummit } from '#lib/ui/navigation.ts';
import { opensByRole, ruleFor } from '#lib/accounts/guard.ts';
import type { Viewer } from '#lib/accounts/viewer.ts';
import { hasEnded } from '../closing-page.ts';

interface OrganisePage {
	/** After `/[summit]/organise`. */
	path: string;
	/** After `/[summit]`, for a page outside it. */
	away?: string;
	label: () => string;
	/** Only while the Summit is a draft. */
	forDraft?: true;
	/** Only once the Summit is over by its dates, or closed. */
	forEnd?: true;
	/** Only for who holds one of its roles beside that of an owner, which alone shows nothing there. */
	forTeams?: true;
	/** The kinds of what waits that are done there (src/lib/organising/waiting.ts). */
	waits?: readonly string[];
}

interface OrganiseGroup {
	key: string;
	label: () => string;
	pages: readonly OrganisePage[];
}

/** The organisers' pages by group, in order. Each page belongs to one group; add a line for a new one. */
const groups: readonly OrganiseGroup[] = [
	{
		key: 'overview',
		label: m.ui_organise_overview,
		pages: [
			{ path: '', label: m.ui_organise_overview },
			{ path: '/setup', label: m.summits_setup_title, forDraft: true },
			{ path: '/today', label: m.ui_today },
			{ path: '/closing', label: m.organising_closing_title, forEnd: true }
		]
	},
	{
		key: 'people',
		label: m.ui_organise_people,
		pages: [
			{ path: '/registrations', label: m.ui_organise_accreditation, waits: ['registrations', 'second', 're_reviews'] },
			{ path: '/members', label: m.ui_organise_members, waits: ['member_requests'] },
			{ path: '/seats', label: m.ui_organise_seats },
			{ path: '/logistics', label: m.ui_organise_logistics },
			{ path: '/needs', label: m.logistics_needs, waits: ['needs'], forTeams: true },
			{ path: '/figures', label: m.ui_organise_figures },
			{ path: '/help-desk', label: m.help_desk_title },
			{ path: '/merges', label: m.ui_organise_merges },
			{ path: '/imports', label: m.imports_title }
		]
	},
	{
		key: 'programme',
		label: m.ui_organise_programme,
		pages: [
			{ path: '/agenda', label: m.ui_agenda, waits: ['checks'] },
			{ path: '/proposals', label: m.ui_organise_proposals, waits: ['proposals', 'side_events'] },
			{ path: '/speakers', label: m.ui_speakers, waits: ['suggestions'] },
			{ path: '/agenda/rooms', label: m.ui_organise_rooms },
			{ path: '/surveys', label: m.evaluation_title },
			{ path: '/impact', label: m.impact_title }
		]
	},
	{
		key: 'live',
		label: m.ui_live,
		pages: [
			{ path: '/stages', away: '/live/desk', label: m.ui_organise_stages },
			{ path: '/camera', away: '/live/desk/camera', label: m.stage_camera_nav },
			{ path: '/recordings', label: m.ui_organise_recordings }
		]
	},
	{
		key: 'on-site',
		label: m.ui_organise_on_site,
		pages: [
			{ path: '/door', label: m.door_organise_title, waits: ['conflicts', 'devices'] },
			{ path: '/badges', label: m.badges_title },
			{ path: '/attendance', label: m.presence_sessions_title },
			{ path: '/certificates', label: m.presence_certificate_all_title }
		]
	},
	{
		key: 'communication',
		label: m.ui_organise_communication,
		pages: [
			{ path: '/announcements', label: m.announcements_title },
			{ path: '/mail', label: m.ui_organise_messages },
			{ path: '/pages', label: m.pages_name },
			{ path: '/status', label: m.status_organise_title }
		]
	},
	{
		key: 'money',
		label: m.ui_organise_money,
		pages: [
			{ path: '/money', label: m.ui_organise_overview },
			{ path: '/orders', label: m.ui_organise_orders },
			{ path: '/money/invoices', label: m.ui_organise_invoices },
			{ path: '/money/bank', label: m.ui_organise_bank, waits: ['bank_rows'] },
			{ path: '/money/waivers', label: m.ui_organise_waivers, waits: ['waivers'] },
			{ path: '/money/fees', label: m.ui_organise_fees },
			{ path: '/money/vat', label: m.ui_organise_vat },
			{ path: '/money/books', label: m.ui_organise_books },
			{ path: '/money/journal', label: m.ui_organise_journal },
			{ path: '/money/settings', label: m.ui_organise_invoice_settings }
		]
	},
	{
		key: 'safeguarding',
		label: m.ui_organise_safeguarding,
		pages: [
			{ path: '/safeguarding/concerns', label: m.ui_organise_concerns, waits: ['concerns'] },
			{ path: '/safeguarding/cases', label: m.ui_organise_cases },
			{ path: '/safeguarding/on-call', label: m.ui_organise_on_call },
			{ path: '/safeguarding/duties', label: m.ui_organise_duties },
			{ path: '/safeguarding', label: m.ui_organise_watch_list, waits: ['matches'] },
			{ path: '/reveals', label: m.ui_organise_reveals },
			{ path: '/help-desk/protected', label: m.ui_organise_protected }
		]
	},
	{
		key: 'settings',
		label: m.ui_organise_settings,
		pages: [
			{ path: '/settings', label: m.ui_organise_settings },
			{ path: '/roles', label: m.ui_organise_roles },
			{ path: '/audit', label: m.ui_organise_history },
			{ path: '/help-desk/errors', label: m.faults_title },
			{ path: '/api-keys', label: m.integrations_title },
			{ path: '/reliability', label: m.status_reliability_title },
			{ path: '/webhooks', label: m.webhooks_title }
		]
	}
];

/** What organisers do most, each on the page where it is done. */
const acts: readonly OrganisePage[] = [
	{ path: '/agenda/new', label: m.organising_act_session },
	{ path: '/agenda/release', label: m.organising_act_publish },
	{ path: '/agenda/block', label: m.organising_act_block },
	{ path: '/announcements', label: m.organising_act_announce },
	{ path: '/mail/group/new', label: m.organising_act_message },
	{ path: '/members/new', label: m.organising_act_member },
	{ path: '/members/import', label: m.organising_act_import },
	{ path: '/help-desk/walk-in', label: m.organising_act_walk_in },
	{ path: '/help-desk/concern', label: m.organising_act_concern },
	{ path: '/badges', label: m.organising_act_badges },
	{ path: '/money/bank', label: m.organising_act_statement },
	{ path: '/settings/state', label: m.organising_act_state },
	{ path: '/roles', label: m.organising_act_role }
];

function opensTo(viewer: Viewer, place: NavSummit) {
	const isInTeam = [...viewer.roles, ...viewer.unconfirmedRoles].some(
		({ role, summitId }) => role !== 'owner' && (summitId === null || summitId === place.id)
	);
	return ({ path, away, forDraft, forEnd, forTeams }: OrganisePage) =>
		(!forDraft || place.state === 'draft') &&
		(!forEnd || hasEnded(place, Date.now())) &&
		(!forTeams || isInTeam) &&
		opensByRole(ruleFor(away ? `/(stage)/[summit]${away}` : `/(organiser)/[summit]/organise${path}`), viewer, place.id);
}

function entryAt(place: NavSummit) {
	return ({ path, away, label, waits }: OrganisePage): NavEntry => ({
		key: path || 'overview',
		href: `/${place.slug}${away ?? `/organise${path}`}`,
		label: label(),
		...(waits && { waits })
	});
}

/**
 * The groups and pages that the reader's roles at this Summit open, as the guard of routes says. Made on the server, so
 * that no other page contains their texts.
 */
export function organiseGroups(viewer: Viewer | null, place: NavSummit | null): NavGroup[] {
	if (!viewer || !place) return [];
	return groups
		.map(({ key, label, pages }) => ({
			key,
			label: label(),
			entries: pages.filter(opensTo(viewer, place)).map(entryAt(place))
		}))
		.filter(({ entries }) => entries.length > 0);
}

/** The acts that the reader's roles open. */
export function organiseActs(viewer: Viewer, place: NavSummit): NavEntry[] {
	return acts.filter(opensTo(viewer, place)).map(entryAt(place));
}
