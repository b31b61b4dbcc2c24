/* What waits for organisers, in words and with the page where it is done. */
import type { WaitingList } from '#lib/database/answers/organising.ts';
import { m } from '#lib/i18n/messages.ts';

export type { WaitingList } from '#lib/database/answers/organising.ts';

/** In the order of urgency: label, and the list of exactly these: after `/[summit]/organise`, or of the site. */
const kinds: Record<
	keyof WaitingList,
	{ label: () => string } & ({ path: string } | { site: (slug: string) => string })
> = {
	concerns: { label: m.organising_waits_concerns, path: '/safeguarding/concerns' },
	matches: { label: m.organising_waits_matches, path: '/safeguarding' },
	backups: { label: m.organising_waits_backups, site: () => '/organise/backups' },
	conflicts: { label: m.organising_waits_conflicts, path: '/door' },
	devices: { label: m.organising_waits_devices, path: '/door?devices=offline#devices' },
	registrations: { label: m.organising_waits_registrations, path: '/registrations' },
	second: { label: m.organising_waits_second, path: '/registrations?tab=second' },
	re_reviews: { label: m.organising_waits_re_reviews, path: '/registrations?tab=re_review' },
	member_requests: { label: m.organising_waits_member_requests, path: '/members' },
	bank_rows: { label: m.organising_waits_bank_rows, path: '/money/bank' },
	needs: { label: m.organising_waits_needs, path: '/needs?state=open' },
	waivers: { label: m.organising_waits_waivers, path: '/money/waivers' },
	checks: { label: m.organising_waits_checks, path: '/agenda/checks?severity=block' },
	proposals: { label: m.organising_waits_proposals, path: '/proposals?show=open' },
	stale_proposals: { label: m.organising_waits_stale_proposals, path: '/proposals?show=stale' },
	side_events: { label: m.organising_waits_side_events, path: '/proposals/side-events' },
	suggestions: { label: m.organising_waits_suggestions, path: '/speakers/suggestions' },
	commitments_to_check: {
		label: m.organising_waits_commitments_to_check,
		site: (slug) => `/community/commitments/check?summit=${slug}#agreed`
	},
	commitments_to_announce: {
		label: m.organising_waits_commitments_to_announce,
		site: (slug) => `/community/commitments/check?summit=${slug}#checked`
	}
};

/** One line of the list. */
export interface WaitingLine {
	key: string;
	label: string;
	/** The address of the list, without language. */
	href: string;
	count: number;
	/** When the oldest began to wait, where something says so. */
	since: string | null;
}

/** What waits at a Summit, the most urgent kind first. */
export function waitingLines(waiting: WaitingList, slug: string): WaitingLine[] {
	return (Object.keys(kinds) as (keyof WaitingList)[]).flatMap((key) => {
		const found = waiting[key];
		if (!found) return [];
		const kind = kinds[key];
		const href = 'site' in kind ? kind.site(slug) : `/${slug}/organise${kind.path}`;
		return [{ key, label: kind.label(), href, ...found }];
	});
}
