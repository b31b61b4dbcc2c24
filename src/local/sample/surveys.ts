import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { Random } from './prng.ts';
import { sampleSlugs } from './summits.ts';

type Words = Record<string, string>;
interface Question {
	key: string;
	kind: string;
	is_required: boolean;
	label: Words;
	choices?: object[];
	depends_on?: string;
	depends_values?: string[];
}
const sample = JSON.parse(readFileSync(new URL('surveys.json', import.meta.url), 'utf8')) as {
	session: { title: Words; intro: Words };
	summit: { title: Words; intro: Words };
	follow_up: { title: Words; intro: Words };
	questions: Question[];
	texts: string[];
};

interface Plan {
	summit: string;
	kind: 'session' | 'summit' | 'follow_up';
	opensAt: Date;
	closesAt: Date;
	/** Of session feedback. */
	hours: number | null;
	createdAt: Date;
}

const day = 86_400_000;

async function insertSurvey(client: pg.Client, plan: Plan): Promise<string> {
	const { title, intro } = sample[plan.kind];
	const isDraft = plan.kind === 'follow_up';
	const { rows } = await client.query<{ id: string }>(
		`insert into private.surveys (summit_id, kind, title, intro, opens_at, closes_at, hours, published_at, smallest_group, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, case when not $8 then $5::timestamptz end, case when not $8 then private.smallest_group($1) end, $9)
		returning id`,
		[
			plan.summit,
			plan.kind,
			JSON.stringify(title),
			JSON.stringify(intro),
			plan.opensAt,
			plan.closesAt,
			plan.hours,
			isDraft,
			plan.createdAt
		]
	);
	const id = rows[0]?.id ?? '';
	for (const [index, question] of sample.questions.entries())
		await client.query(
			`insert into private.survey_questions (survey_id, key, kind, label, choices, is_required, position, depends_on, depends_values)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			[
				id,
				question.key,
				question.kind,
				JSON.stringify(question.label),
				JSON.stringify(question.choices ?? []),
				question.is_required,
				index + 1,
				question.depends_on ?? null,
				question.depends_values ?? []
			]
		);
	if (isDraft) return id;
	// Nobody is mailed about the sample.
	await client.query(`insert into private.survey_mails (survey_id, kind) values ($1, 'invited'), ($1, 'reminder')`, [
		id
	]);
	return id;
}

function answersFrom(random: Random): Record<string, string[]> {
	const uses = random.chance(0.8);
	return {
		useful: [random.pick(['5', '5', '4', '4', '4', '3', '2'])],
		heard: [random.pick(['5', '4', '4', '3', '3', '2', '1'])],
		use: [uses ? 'yes' : 'no'],
		...(!uses && { missing: [random.pick(['depth', 'practice', 'time'])] })
	};
}

/** People who are confirmed, as many as there are up to `count`, with their answers apart from them. */
async function insertAnswers(
	client: pg.Client,
	random: Random,
	given: { survey: string; summit: string; session: string | null; closesAt: Date; count: number }
): Promise<void> {
	const made = await client.query<{ id: string }>(
		'insert into private.survey_collections (survey_id, session_id, closes_at) values ($1, $2, $3) returning id',
		[given.survey, given.session, given.closesAt]
	);
	const collection = made.rows[0]?.id;
	// The people who sign in to the sample have not answered.
	const { rowCount } = await client.query(
		`insert into private.survey_marks (collection_id, person_id)
		select $1, r.person_id from public.registrations as r
		where r.summit_id = $2 and r.state = 'confirmed'
			and not exists (select from private.sample_people as x where x.person_id = r.person_id)
		order by r.id limit $3`,
		[collection, given.summit, given.count]
	);
	const people = rowCount ?? 0;
	await client.query(
		`insert into private.survey_answers (collection_id, answers, is_mixed)
		select $1, a, true from jsonb_array_elements($2::jsonb) as a`,
		[collection, JSON.stringify(Array.from({ length: people }, () => answersFrom(random)))]
	);
	if (people < 5) return;
	await client.query(
		`insert into private.survey_texts (collection_id, question_id, body, is_mixed)
		select $1, q.id, body, true from private.survey_questions as q, unnest($2::text[]) as body
		where q.survey_id = $3 and q.kind = 'text'`,
		[collection, random.shuffle([...sample.texts]).slice(0, given.session ? 2 : 5), given.survey]
	);
}

/** Two people who read surveys release most texts. */
async function approveTexts(client: pg.Client, survey: string): Promise<void> {
	await client.query(
		`insert into private.survey_text_approvals (text_id, person_id)
		select t.id, g.person_id
		from (
			select t.id, row_number() over (order by t.body) as place
			from private.survey_texts as t join private.survey_collections as c on c.id = t.collection_id
			where c.survey_id = $1) as t,
			(select distinct person_id from public.role_grants where role in ('programme', 'owner') order by person_id limit 2) as g
		where t.place > 1`,
		[survey]
	);
}

/** Feedback on the sessions of the present Summit, its own survey, which is open, and the results of an earlier one. */
export async function insertSurveys(client: pg.Client, random: Random, current: string, now: Date): Promise<void> {
	const [opensAt, closesAt] = [new Date(now.getTime() - 2 * day), new Date(now.getTime() + 20 * day)];
	const at = (days: number) => new Date(now.getTime() + days * day);
	// A draft, the newest.
	const followUp = { summit: current, kind: 'follow_up' as const, opensAt: at(180), closesAt: at(210), hours: null };
	await insertSurvey(client, { ...followUp, createdAt: at(-1) });
	const ofSummit = { summit: current, opensAt, closesAt };
	const feedback = await insertSurvey(client, { ...ofSummit, kind: 'session', hours: 48, createdAt: at(-3) });
	const { rows: sessions } = await client.query<{ id: string; over_at: Date }>(
		`select s.id, private.session_over_at(s.id) as over_at from public.sessions as s
		where s.summit_id = $1 and s.state = 'confirmed' and not s.is_break and s.level < 'closed' and private.session_over_at(s.id) < $2
		order by 2, s.code limit 6`,
		[current, now]
	);
	// The last of them takes feedback still.
	for (const [index, { id, over_at }] of sessions.slice(0, -1).entries())
		await insertAnswers(client, random, {
			survey: feedback,
			summit: current,
			session: id,
			closesAt: over_at,
			count: [31, 24, 18, 7, 3][index] ?? 9
		});
	const open = await insertSurvey(client, { ...ofSummit, kind: 'summit', hours: null, createdAt: at(-4) });
	await insertAnswers(client, random, { survey: open, summit: current, session: null, closesAt, count: 40 });
	const { rows: ended } = await client.query<{ id: string; ends_at: Date }>(
		'select id, ends_on::timestamptz as ends_at from public.summits where slug = $1',
		[sampleSlugs.recent]
	);
	const { id: recent, ends_at } = ended[0] ?? {};
	if (!recent || !ends_at) return;
	const over = { opensAt: ends_at, closesAt: new Date(Math.min(ends_at.getTime() + 21 * day, now.getTime() - day)) };
	const past = await insertSurvey(client, { summit: recent, kind: 'summit', hours: null, createdAt: ends_at, ...over });
	await insertAnswers(client, random, {
		survey: past,
		summit: recent,
		session: null,
		closesAt: over.closesAt,
		count: 120
	});
	await client.query('select private.mix_survey_answers()');
	for (const survey of [feedback, past]) await approveTexts(client, survey);
}
