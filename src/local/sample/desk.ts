import type pg from 'pg';

const questions = [
	'Your office is given as “Adviser”. Which department are you with?',
	'Your ministry has sent two heads of delegation. Which of you is it?',
	'Please tell us under which name your passport is, so that the letter for your visa is right.'
];
const notes = [
	'Called on Monday; the ministry confirms the nomination by letter.',
	'Was with us two years ago, for another organisation.',
	'Asks for a seat near the door; told the venue.'
];

/**
 * What two registration organisers are in the midst of: proposals for a second person, questions open, answered and without
 * an answer, notes, and a name that changed after accreditation.
 */
export async function insertDesk(client: pg.Client, summit: string, now: Date): Promise<void> {
	const ago = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
	const idOf = async (name: string) =>
		(await client.query<{ id: string }>('select id from public.people where display_name = $1', [name])).rows[0]?.id;
	const [first, second] = [await idOf('Emeka Nwosu'), await idOf('Mirela Kovač')];
	await client.query(
		`update public.accreditation_settings set second_person_for = '{press,guest,security}', aim_days = 10 where summit_id = $1`,
		[summit]
	);
	await client.query(
		`insert into private.decision_proposals (summit_id, registration_id, decision, reason, proposed_by, proposer_account, proposed_at)
		select $1, r.id, case r.category when 'guest' then 'decline' else 'accredit' end,
			case r.category when 'guest' then 'The host has named its guests already.' else '' end,
			case when row_number() over (order by r.reference) % 2 = 1 then $2::uuid else $3::uuid end, gen_random_uuid(), $4
		from public.registrations as r where r.summit_id = $1 and r.category in ('press', 'guest') and r.state = 'submitted' order by r.reference limit 4`,
		[summit, first, second, ago(1)]
	);
	const undecided = await client.query<{ id: string; person_id: string }>(
		`select r.id, r.person_id from public.registrations as r
		where r.summit_id = $1 and r.category = 'delegate' and r.state in ('submitted', 'nominated')
			and not exists (select from private.protections as x where x.person_id = r.person_id) order by r.reference limit 12`,
		[summit]
	);
	for (const [n, { id, person_id }] of undecided.rows.entries()) {
		if (n < 6) await addRequest(client, summit, id, first, n, ago);
		else if (n < 9) await note(client, id, person_id, n % 2 ? first : second, notes[n - 6] ?? '', n === 8);
	}
	await change(client, summit, ago(1));
}

/** Two open, two answered and not read, two without an answer in time. */
async function addRequest(
	client: pg.Client,
	summit: string,
	registration: string,
	by: string | undefined,
	n: number,
	ago: (days: number) => string
): Promise<void> {
	const kind = n % 3;
	await client.query(
		`insert into private.information_requests (summit_id, registration_id, question, deadline, state, asked_by, asked_at, reminders, answer, answered_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		[
			summit,
			registration,
			questions[kind],
			kind === 2 ? ago(1) : ago(-4),
			kind === 1 ? 'answered' : 'open',
			by,
			ago(kind === 2 ? 8 : 2),
			kind === 2 ? 2 : 0,
			kind === 1 ? 'I am the head of delegation; my colleague comes as her adviser.' : null,
			kind === 1 ? ago(0.5) : null
		]
	);
}

async function note(
	client: pg.Client,
	registration: string,
	person: string,
	author: string | undefined,
	text: string,
	forSafeguarding: boolean
): Promise<void> {
	await client.query(
		`insert into private.registration_notes (registration_id, sealed, key_person, for_safeguarding, author_id)
		select $1, private.seal_for_audit($2, jsonb_build_object('note', $3::text)), $2, $4, $5`,
		[registration, person, text, forSafeguarding, author]
	);
}

/** Two confirmed delegates who have put their office right since. */
async function change(client: pg.Client, summit: string, at: string): Promise<void> {
	await client.query(
		`with changed as (
			select r.id, r.person_id, p.office, private.seal_for_audit(r.person_id, jsonb_build_object(
				'old', jsonb_build_object('office', p.office), 'new', jsonb_build_object('office', 'Deputy Director'))) as sealed
			from public.registrations as r join public.people as p on p.id = r.person_id
			where r.summit_id = $1 and r.category = 'delegate' and r.state = 'confirmed' and p.office <> 'Deputy Director'
				and not exists (select from private.protections as x where x.person_id = r.person_id)
				and not exists (select from private.sample_people as x where x.person_id = r.person_id)
			order by r.reference limit 2
		), marked as (
			insert into private.re_reviews (summit_id, registration_id, fields, sealed, key_person, opened_at)
			select $1, id, '{office}', sealed, person_id, $2 from changed
		)
		update public.people as p set office = 'Deputy Director' from changed where p.id = changed.person_id`,
		[summit, at]
	);
}
