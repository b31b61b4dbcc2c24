import { m } from '#lib/i18n/messages.ts';
import type { Queue } from './allowances.ts';

/** The tabs of the seats' pages. The queue is for readers who accredit. */
export function seatTabs(
	slug: string,
	path: string,
	mayChange: boolean,
	waiting?: Queue['waiting']
): { href: string; label: string; count?: number; current: boolean }[] {
	const base = `/${slug}/organise/seats`;
	return [
		{ href: base, label: m.members_tab_quotas(), current: path === base },
		{ href: `${base}/members`, label: m.members_tab_by_member(), current: path === `${base}/members` },
		{ href: `${base}/pools`, label: m.members_tab_pools(), current: path === `${base}/pools` },
		...(mayChange
			? [
					{
						href: `${base}/queue`,
						label: m.members_tab_queue(),
						...(waiting !== undefined && { count: waiting }),
						current: path === `${base}/queue`
					}
				]
			: [])
	];
}
