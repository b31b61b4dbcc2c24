import { readFileSync } from 'node:fs';
import type pg from 'pg';

type Line = [
	theme: string,
	title: string,
	summary: string,
	beneficiaries: string,
	indicator: string,
	unit: string,
	baseline: number,
	target: number
];
const lines = JSON.parse(readFileSync(new URL('commitments.json', import.meta.url), 'utf8')) as Line[];

const english = (words: string) => JSON.stringify({ original: 'en', en: words });
const day = 86_400_000;

/** How far a commitment is, in turn; null: nothing is reported. */
const courses = [
	'on_track',
	'delivered',
	'at_risk',
	null,
	'delivered',
	'on_track',
	'overdue',
	'on_track',
	'withdrawn'
] as const;

interface Edition {
	id: string;
	starts_on: Date;
	members: { id: string; country: string | null }[];
}

/** The members of an edition that have focal points first, by turns of the sectors that fit all themes. */
async function readEdition(client: pg.Client, summit: string): Promise<Edition | null> {
	const { rows } = await client.query<{ starts_on: Date }>('select starts_on from public.summits where id = $1', [
		summit
	]);
	const members = await client.query<{ id: string; country: string | null }>(
		`select sm.member_id as id, sm.country from public.summit_members as sm
		where sm.summit_id = $1 and sm.standing = 'active'
		order by exists (select from public.focal_points as f join public.people as p on p.id = f.person_id
			where f.member_id = sm.member_id and p.display_name like 'Marguerite%') desc, sm.member_id limit 40`,
		[summit]
	);
	return rows[0] && members.rows.length > 0
		? { id: summit, starts_on: rows[0].starts_on, members: members.rows }
		: null;
}

/** 45 commitments over the given editions, the oldest first, with progress of all kinds; some of the last still wait. */
export async function insertCommitments(client: pg.Client, summits: readonly string[], now: Date): Promise<void> {
	const editions: Edition[] = [];
	// One after another: a connection does one query at a time.
	for (const id of summits) {
		const edition = await readEdition(client, id);
		if (edition) editions.push(edition);
	}
	for (const [index, line] of lines.entries()) {
		const edition = editions[index % editions.length];
		const turn = Math.floor(index / editions.length);
		const member = edition?.members[turn % edition.members.length];
		const partner = edition?.members[(turn + 7) % edition.members.length];
		if (!edition || !member || !partner) return;
		const announced = new Date(Math.min(edition.starts_on.getTime() + day, now.getTime() - day));
		// Of the present edition some are not announced yet.
		const isLast = edition === editions.at(-1);
		const waits =
			isLast && turn % 5 === 4 ? (['draft', 'agreed', 'checked'] as const)[Math.floor(turn / 5) % 3] : undefined;
		// Of those announced yesterday nothing is reported yet.
		const course = isLast ? null : (courses[index % courses.length] ?? null);
		await insertOne(client, line, {
			edition,
			member,
			partner: index % 4 === 0 && partner.id !== member.id ? partner : null,
			announced,
			state: waits ?? (course === 'withdrawn' ? 'withdrawn' : 'announced'),
			course,
			due:
				course === 'overdue'
					? new Date(now.getTime() - 30 * day)
					: new Date(now.getTime() + (200 + ((index * 97) % 900)) * day),
			audience: index % 15 === 14 ? 'members' : 'public',
			now
		});
	}
}

interface Plan {
	edition: Edition;
	member: { id: string; country: string | null };
	partner: { id: string } | null;
	announced: Date;
	state: 'draft' | 'agreed' | 'checked' | 'announced' | 'withdrawn';
	course: (typeof courses)[number];
	due: Date;
	audience: 'public' | 'members';
	now: Date;
}

async function insertOne(client: pg.Client, line: Line, plan: Plan): Promise<void> {
	const [theme, title, summary, beneficiaries, indicator, unit, baseline, target] = line;
	const withdrawn = plan.state === 'withdrawn';
	const made = await client.query<{ id: string }>(
		`insert into private.commitments (summit_id, member_id, state, withdrawn_at, withdrawn_reason, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $6) returning id`,
		[
			plan.edition.id,
			plan.member.id,
			plan.state,
			withdrawn ? new Date(plan.now.getTime() - 10 * day) : null,
			withdrawn ? 'The funds were not granted. The work goes on at a smaller scale.' : '',
			plan.announced
		]
	);
	const id = made.rows[0]?.id;
	await client.query(
		`insert into private.commitment_versions (commitment_id, number, title, summary, beneficiaries, indicator, unit, baseline, target,
			due_on, theme_id, countries, budget, currency, audience, written_at)
		select $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, t.id, $10, $11, $12, $13, $14 from private.commitment_themes as t where t.slug = $15`,
		[
			id,
			...[title, summary, beneficiaries, indicator, unit].map(english),
			baseline,
			target,
			plan.due,
			plan.member.country ? [plan.member.country] : [],
			theme === 'policy' ? target * 10_000_000 : null,
			theme === 'policy' ? 'EUR' : null,
			plan.audience,
			plan.announced,
			theme
		]
	);
	const members = [plan.member.id, ...(plan.partner ? [plan.partner.id] : [])];
	for (const member of members)
		await client.query('insert into private.commitment_members (commitment_id, number, member_id) values ($1, 1, $2)', [
			id,
			member
		]);
	if (plan.state === 'draft') return;
	const step = (kind: string, member: string | null, at: Date, reason = '') =>
		client.query(
			`insert into private.commitment_steps (commitment_id, number, step, member_id, reason, effective_at, made_at) values ($1, 1, $2, $3, $4, $5, $5)`,
			[id, kind, member, reason, at]
		);
	const before = (days: number) => new Date(plan.announced.getTime() - days * day);
	for (const member of members) {
		await step('asked', member, before(20));
		await step('agreed', member, before(15));
	}
	if (plan.state === 'agreed') return;
	await step('checked', null, before(5));
	if (plan.state === 'checked') return;
	await step('announced', null, plan.announced);
	if (withdrawn) await step('withdrawn', null, new Date(plan.now.getTime() - 10 * day), 'The funds were not granted.');
	await report(client, id ?? '', plan, baseline, target);
}

async function report(
	client: pg.Client,
	id: string,
	{ course, member, announced, audience, now }: Plan,
	baseline: number,
	target: number
) {
	if (course === null || course === 'withdrawn') return;
	const share = { on_track: 0.6, at_risk: 0.2, overdue: 0.5, delivered: 1 }[course];
	const words = {
		on_track: 'The work follows the plan. The next steps are funded.',
		at_risk: 'A partner has left, and we look for another. The date may move.',
		overdue: 'More than half is done. The rest takes longer than planned.',
		delivered: 'All of it is done. We publish what we learned.'
	}[course];
	const { rows } = await client.query<{ id: string }>(
		`insert into private.commitment_reports (commitment_id, member_id, progress, value, body, links, written_at, audience) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
		[
			id,
			member.id,
			course === 'overdue' ? 'on_track' : course,
			Math.round(baseline + (target - baseline) * share),
			english(words),
			JSON.stringify(course === 'delivered' ? [{ url: 'https://example.org/report', title: 'example.org' }] : []),
			new Date((announced.getTime() + now.getTime()) / 2),
			audience
		]
	);
	if (course === 'delivered')
		await client.query('insert into private.commitment_verifications (report_id) values ($1)', [rows[0]?.id]);
}
