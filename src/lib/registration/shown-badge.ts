/* What a badge shows of its registration, in words of the reader's language. Pure. */
import { joinFacts } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import type { MyRegistration } from './registration.ts';
import { categoryWord } from './words.ts';

/** What a badge is made of. */
export type BadgeRegistration = Pick<
	MyRegistration,
	'display_name' | 'office' | 'affiliation' | 'country' | 'member' | 'category' | 'forbids_photographs'
> & {
	protection: Pick<MyRegistration['protection'], 'kind'>;
	badge: Pick<NonNullable<MyRegistration['badge']>, 'id' | 'badge_code' | 'line'> | null;
};

/** The lines of a badge; '' for what it does not show. */
export interface ShownBadge {
	name: string;
	/** The office and the organisation. */
	office: string;
	/** The answer that an owner chose for badges. */
	line: string;
	category: string;
	sector: string;
	country: string;
}

/** The lines of the badge of a registration. With an alias, nothing of the true member is shown. */
export function shownBadge(registration: BadgeRegistration): ShownBadge {
	const isAlias = registration.protection.kind === 'alias';
	const member = isAlias ? null : registration.member;
	return {
		name: registration.display_name,
		office: joinFacts([registration.office, member?.name ?? registration.affiliation]),
		line: joinFacts(registration.badge?.line.map((label) => text(label).text) ?? []),
		category: categoryWord(registration.category),
		sector: member ? sectorName(member.sector) : '',
		country: isAlias ? '' : countryName(registration.country)
	};
}
