import { m } from '#lib/i18n/messages.ts';
import { lists } from '#lib/summits/lists.ts';

/** The pages of the settings, in the order in which a new Summit is set up. */
const pages = [
	{ path: '', label: m.summits_tab_general },
	{ path: '/deadlines', label: m.summits_tab_deadlines },
	{ path: '/seats', label: m.summits_setup_seats },
	{ path: '/accreditation', label: m.ui_organise_accreditation },
	...Object.entries(lists).map(([path, { title }]) => ({ path: `/${path}`, label: title })),
	{ path: '/participation', label: m.summits_tab_participation },
	{ path: '/texts', label: m.speakers_debrief },
	{ path: '/state', label: m.summits_tab_state },
	{ path: '/retention', label: m.privacy_retention }
];

/** The tabs of a Summit's settings at an address. Who is no owner comes for data retention only. */
export function settingsTabs(slug: string, path: string, isOwner: boolean) {
	const base = `/${slug}/organise/settings`;
	return pages
		.filter((page) => isOwner || page.path === '/retention')
		.map((page) => {
			const href = base + page.path;
			return {
				href,
				label: page.label(),
				current: page.path === '' ? path === base : path === href || path.startsWith(`${href}/`)
			};
		});
}
