import { lists } from '#lib/summits/lists.ts';

/** The pages of the settings, in the order in which a new Summit is set up. */
const pages = [
	{ path: '', label: 'General' },
	{ path: '/deadlines', label: 'Dates and deadlines' },
	{ path: '/seats', label: 'Seats' },
	{ path: '/accreditation', label: 'Accreditation' },
	...Object.entries(lists).map(([path, { title }]) => ({ path: `/${path}`, label: title })),
	{ path: '/participation', label: 'Taking part' },
	{ path: '/texts', label: 'Texts' },
	{ path: '/state', label: 'State' },
	{ path: '/retention', label: 'Data retention' }
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
				label: page.label,
				current: page.path === '' ? path === base : path === href || path.startsWith(`${href}/`)
			};
		});
}
