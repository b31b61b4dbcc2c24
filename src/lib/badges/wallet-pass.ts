/* What a wallet pass carries: the lines of the badge's page, its code, and nothing else. Pure. */
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dateRange, zoneCity } from '#lib/i18n/time.ts';
import { formatBadgeCode } from '#lib/door/badge.ts';
import { shownBadge, type BadgeRegistration, type ShownBadge } from '#lib/registration/shown-badge.ts';
import { endOfSummit, startOfDay } from '#lib/summits/local-time.ts';
import type { SlimSummit } from '#lib/summits/summit.ts';

/** What a pass says of its Summit. */
export type PassSummit = Pick<SlimSummit, 'id' | 'name' | 'city' | 'zone' | 'starts_on' | 'ends_on'>;

/** A pass of a badge. */
export interface WalletPass {
	/** The id of the badge. A new badge has a new pass: a lost phone must not get the code of the next one. */
	badge: string;
	summit: PassSummit;
	/** What it shows; null: the badge is no longer valid, and the pass says nothing but that. */
	holder: BadgeRegistration | null;
	/** What the door reads; null when it is no longer valid. */
	code: string | null;
}

/** The texts of a pass in the reader's language: the lines of its badge and more; '' for what it does not show. */
export interface PassTexts extends ShownBadge {
	title: string;
	description: string;
	place: string;
	dates: string;
	photographs: string;
	/** In groups of four, as on the page. */
	badgeCode: string;
	/** That the badge is no longer valid. */
	invalid: string;
}

const nobody: ShownBadge = { name: '', office: '', line: '', category: '', sector: '', country: '' };

/** The texts of a pass in the language of the moment. */
export function passTexts({ summit, holder }: WalletPass): PassTexts {
	const title = text(summit.name).text;
	return {
		title,
		description: m.badges_wallet_description({ summit: title }),
		place: text(summit.city).text || zoneCity(summit.zone),
		dates: dateRange(summit.starts_on, summit.ends_on),
		...(holder ? shownBadge(holder) : nobody),
		photographs: holder?.forbids_photographs ? m.ui_no_photographs() : '',
		badgeCode: holder?.badge ? formatBadgeCode(holder.badge.badge_code) : '',
		invalid: holder ? '' : m.badges_wallet_invalid()
	};
}

/** When a pass matters: from the start of the first day of the Summit to the end of the last one, at the venue. */
export function passTimes(summit: PassSummit): { from: Date; until: Date } {
	return { from: new Date(startOfDay(summit.starts_on, summit.zone)), until: new Date(endOfSummit(summit)) };
}
