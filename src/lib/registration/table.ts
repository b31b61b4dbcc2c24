/* Registrations as the rows of a file. Organisers read English. */
import type { CsvCell } from '#lib/files/csv.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import { localTimeOf } from '#lib/summits/local-time.ts';
import type { ExportedRegistration } from '#lib/database/answers/registration/accreditation.ts';
import { flags, waits, type Flag } from './accreditation-list.ts';
import { categoryWord, modeWord, stateWord } from './words.ts';

const columns = [
	'Registration',
	'Name',
	'Office',
	'Organisation',
	'Member',
	'Sector',
	'Region',
	'Country',
	'Category',
	'Pool',
	'Takes part',
	'State',
	'In this state since',
	'Sent',
	'Seat held until',
	'Place in the queue',
	'Waits for',
	'Marks'
];

/** A header and a row for each; times by the venue's clock. Names are displayed names: an alias looks like any name. */
export function* registrationRows(
	found: readonly ExportedRegistration[],
	zone: string
): Generator<readonly CsvCell[], undefined> {
	const at = (moment: string | null) => localTimeOf(moment, zone).replace('T', ' ');
	yield columns;
	for (const row of found) {
		yield [
			row.reference,
			row.display_name,
			row.office,
			row.affiliation,
			row.member,
			sectorName(row.sector),
			row.region,
			countryName(row.country),
			categoryWord(row.category),
			row.pool,
			modeWord(row.mode),
			stateWord(row.state),
			at(row.state_since),
			at(row.submitted_at),
			at(row.held_until),
			row.queue_position,
			row.waits && waits[row.waits],
			row.flags
				// Readers of the file must not learn that a name is an alias.
				.filter((flag) => flag !== 'alias' && flag !== 'notes')
				.map((flag) => flags[flag as Flag] ?? flag)
				.join('; ')
		];
	}
}
