/* Registrations as the rows of a file, in the reader's language. */
import type { CsvCell } from '#lib/files/csv.ts';
import { m } from '#lib/i18n/messages.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import { regionName } from '#lib/members/regions.ts';
import { localTimeOf } from '#lib/summits/local-time.ts';
import type { ExportedRegistration } from '#lib/database/answers/registration/accreditation.ts';
import { flags, waits, type Flag } from './accreditation-list.ts';
import { categoryWord, modeWord, stateWord } from './words.ts';

const columns = () => [
	m.registration_csv_reference(),
	m.registration_delegation_name(),
	m.registration_field_office(),
	m.registration_field_organisation(),
	m.registration_field_member(),
	m.registration_member_sector(),
	m.registration_field_region(),
	m.registration_field_country(),
	m.registration_field_category(),
	m.registration_field_pool(),
	m.registration_csv_mode(),
	m.registration_delegation_state(),
	m.registration_csv_since(),
	m.registration_csv_sent(),
	m.registration_csv_held(),
	m.registration_csv_queue(),
	m.registration_waits(),
	m.registration_csv_marks()
];

/** A column with the answers to a question. */
interface AnswerColumn {
	id: string;
	label: string;
	word: (values: string[]) => string;
}

/** A header and a row for each; times by the venue's clock. Names are displayed names: an alias looks like any name. */
export function* registrationRows(
	found: readonly ExportedRegistration[],
	zone: string,
	questions: readonly AnswerColumn[] = []
): Generator<readonly CsvCell[], undefined> {
	const at = (moment: string | null) => localTimeOf(moment, zone).replace('T', ' ');
	yield [...columns(), ...questions.map(({ label }) => label)];
	for (const row of found) {
		yield [
			row.reference,
			row.display_name,
			row.office,
			row.affiliation,
			row.member,
			sectorName(row.sector),
			row.region && regionName(row.region),
			countryName(row.country),
			categoryWord(row.category),
			row.pool,
			modeWord(row.mode),
			stateWord(row.state),
			at(row.state_since),
			at(row.submitted_at),
			at(row.held_until),
			row.queue_position,
			row.waits && waits[row.waits](),
			row.flags
				// Readers of the file must not learn that a name is an alias.
				.filter((flag) => flag !== 'alias' && flag !== 'notes')
				.map((flag) => (Object.hasOwn(flags, flag) ? flags[flag as Flag]() : flag))
				.join('; '),
			...questions.map(({ id, word }) => word(row.answers[id] ?? []))
		];
	}
}
