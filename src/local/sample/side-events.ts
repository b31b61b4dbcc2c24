import type pg from 'pg';

const english = (words: string) => ({ original: 'en', en: words });

/** Two side events that members ask for: one waits for a decision, of the other the organisers asked for a change. */
export async function insertSideEvents(client: pg.Client, summit: string): Promise<void> {
	const { rows } = await client.query<{ member_id: string; person_id: string; name: string }>(
		`select f.member_id, f.person_id, p.display_name as name
		from public.focal_points as f join public.people as p on p.id = f.person_id
		where f.summit_id = $1 order by p.display_name like 'Marguerite%' desc, p.display_name, p.id limit 1`,
		[summit]
	);
	for (const { member_id, person_id, name } of rows)
		for (const { answer, ...fields } of requests)
			await client.query(
				`insert into private.side_events (summit_id, member_id, requested_by, title, purpose, wished, room_needs, expected, languages, contact, state, answer, version)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
				[
					summit,
					member_id,
					person_id,
					JSON.stringify(english(fields.title)),
					JSON.stringify(english(fields.purpose)),
					fields.wished,
					fields.needs,
					fields.expected,
					['en', 'fr'],
					name,
					answer ? 'change_asked' : 'requested',
					answer,
					answer ? 2 : 1
				]
			);
}

const requests = [
	{
		title: 'Hotlines that answer in small languages',
		purpose: 'Three hotlines show how they take reports in languages with few speakers, and what it costs them.',
		wished: 'The first day at noon, an hour',
		needs: 'A round table for 30 people, and a screen.',
		expected: 30,
		answer: ''
	},
	{
		title: 'A breakfast of prosecutors',
		purpose: 'Prosecutors from several regions exchange how they ask a platform in another country for evidence.',
		wished: 'The second day before the opening',
		needs: 'No microphones.',
		expected: 80,
		answer: 'The rooms that are free before the opening hold 40 people. Could it be half as many?'
	}
];
