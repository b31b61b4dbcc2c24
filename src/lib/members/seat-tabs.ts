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
		{ href: base, label: 'Seat quotas', current: path === base },
		{ href: `${base}/members`, label: 'By member', current: path === `${base}/members` },
		{ href: `${base}/pools`, label: 'Pools', current: path === `${base}/pools` },
		...(mayChange
			? [
					{
						href: `${base}/queue`,
						label: 'Queue',
						...(waiting !== undefined && { count: waiting }),
						current: path === `${base}/queue`
					}
				]
			: [])
	];
}
