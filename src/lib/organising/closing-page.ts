/* The guided page of the closing: what is open in words and where it is done, what readers see, and when data goes. */
import { isSummitOver } from '#lib/ui/navigation.ts';
import type { Closing, ClosingKey } from '#lib/database/answers/organising.ts';
import { joinLabel, joinList } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import type { SummitState } from '#lib/summits/summit.ts';

/** Whether a Summit is over: its last day has passed everywhere, or it is closed. */
export function hasEnded({ state, ends_on }: { state?: SummitState; ends_on?: string }, now: number): boolean {
	if (isSummitOver(state)) return true;
	// The day ends twelve hours later in the last zone than in UTC.
	return state !== 'draft' && ends_on !== undefined && now > Date.parse(ends_on) + 36 * 3_600_000;
}

interface ClosingKind {
	label: () => string;
	/** The page where it is done, after `/[summit]/organise`. */
	path: string;
	/** After `/[summit]`, for a page outside it. */
	away?: string;
}

/** The items in words, and where each is done. */
const closingKinds: Record<ClosingKey, ClosingKind> = {
	live_runs: { label: m.organising_close_live_runs, path: '/stages', away: '/live/desk' },
	payments: { label: m.organising_close_payments, path: '/orders' },
	refunds: { label: m.organising_close_refunds, path: '/orders' },
	invoices: { label: m.organising_close_invoices, path: '/money/invoices' },
	bank_rows: { label: m.organising_close_bank_rows, path: '/money/bank' },
	registrations: { label: m.organising_close_registrations, path: '/registrations' },
	requests: { label: m.organising_close_requests, path: '/registrations' },
	letters: { label: m.organising_close_letters, path: '/logistics' },
	needs: { label: m.organising_close_needs, path: '/needs' },
	proposals: { label: m.organising_close_proposals, path: '/proposals' },
	agenda: { label: m.organising_close_agenda, path: '/agenda/release' },
	pages: { label: m.organising_close_pages, path: '/pages' },
	mails: { label: m.organising_close_mails, path: '/mail' },
	recordings: { label: m.organising_close_recordings, path: '/recordings' },
	consents: { label: m.organising_close_consents, path: '/recordings' },
	certificates: { label: m.organising_close_certificates, path: '/certificates' },
	concerns: { label: m.organising_close_concerns, path: '/safeguarding/concerns' }
};

/** One item as a line. */
export interface ClosingItem {
	key: ClosingKey;
	label: string;
	path: string;
	/** How many there are; for what forbids closing also which. */
	detail: string;
	/** Null: the reader does not know. */
	isOpen: boolean | null;
}

/** The items of a Summit as lines: those that forbid closing, and those that an owner accepts. */
export function closingItems(
	items: Closing['items'],
	slug: string
): { blocking: ClosingItem[]; others: ClosingItem[] } {
	const line = ({ key, count, details }: Closing['items'][number]): ClosingItem => {
		const { label, path, away } = closingKinds[key];
		const shown = count === null ? m.organising_close_sealed() : number(count);
		return {
			key,
			label: label(),
			path: `/${slug}${away ?? `/organise${path}`}`,
			detail: details.length > 0 ? joinLabel(shown, joinList(details)) : shown,
			isOpen: count === null ? null : count > 0
		};
	};
	return {
		blocking: items.filter(({ blocks }) => blocks).map(line),
		others: items.filter(({ blocks }) => !blocks).map(line)
	};
}

/** Why a Summit is not closed: what forbids it. */
export const closingBlocked = (items: readonly ClosingKey[]): string =>
	m.organising_close_blocked({ items: joinList(items.map((key) => closingKinds[key].label())) });

/** Why a Summit is not closed yet: what has to be accepted first. */
export const closingOpen = (items: readonly ClosingKey[]): string =>
	m.organising_close_open({ items: joinList(items.map((key) => closingKinds[key].label())) });
