import { m } from '#lib/i18n/messages.ts';

export type { Member } from '#lib/database/answers/members/members.ts';

/** The four kinds of members. */
export const sectors = ['government', 'intergovernmental', 'civil_society', 'private_sector'] as const;
export type Sector = (typeof sectors)[number];

/** A sector in the reader's words. */
export function sectorName(sector: string | null | undefined): string {
	switch (sector) {
		case 'government':
			return m.registration_sector_government();
		case 'intergovernmental':
			return m.registration_sector_intergovernmental();
		case 'civil_society':
			return m.registration_sector_civil_society();
		case 'private_sector':
			return m.registration_sector_private_sector();
		default:
			return '';
	}
}

/** Whether a text names a sector. */
export function isSector(value: unknown): value is Sector {
	return sectors.some((known) => known === value);
}
