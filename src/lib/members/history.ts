/* A member's history in sentences. */
import { countryName } from './countries.ts';
import { sectorName } from './member.ts';
import { modeWords } from '#lib/registration/registration.ts';
import { standingWords, standings, type MemberAct } from './registry.ts';

const fields: Record<string, string> = {
	name: 'Name',
	website: 'Website',
	sector: 'Sector',
	country: 'Country',
	region: 'Region',
	standing: 'Standing',
	ceiling: 'Seats',
	reserved_until: 'Reserved until',
	reason: 'Reason',
	until: 'Ended',
	code: 'Code'
};

/** What was done, in a few words. */
export function memberActWords({ what, action, mode, person }: MemberAct): string {
	const where = mode ? ` ${modeWords[mode].toLowerCase()}` : '';
	switch (what) {
		case 'merged':
			return 'Another record was merged into this one';
		case 'member':
			return { insert: 'Added', update: 'Changed', delete: 'Removed', event: 'Noted' }[action];
		case 'standing':
			return action === 'insert'
				? 'Joined the Summit'
				: action === 'delete'
					? 'Left the Summit'
					: 'Changed at this Summit';
		case 'exception':
			return `${action === 'delete' ? 'Exception taken away' : action === 'insert' ? 'Exception given' : 'Exception changed'}${where}`;
		case 'focal':
			return `Focal point ${action === 'insert' ? 'named' : action === 'delete' ? 'removed' : 'changed'}${person ? `: ${person}` : ''}`;
	}
}

/** The name of a field in a change. */
export function memberFieldWord(field: string): string {
	return fields[field] ?? field;
}

/** A value of a field for readers; times by `moment`. */
export function memberValueWords(field: string, value: unknown, moment: (at: string) => string): string {
	if (value === null || value === undefined || value === '') return 'nothing';
	const text = String(value);
	if (field === 'sector') return sectorName(text) || text;
	if (field === 'country') return countryName(text);
	if (field === 'standing') return standingWords[standings.find((each) => each === text) ?? 'active'];
	return field === 'until' || field === 'reserved_until' ? moment(text) : text;
}
