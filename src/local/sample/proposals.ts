import type pg from 'pg';
import type { Random } from './prng.ts';
import { proposalTexts } from './proposal-texts.ts';
import { insertRows } from './rows.ts';

const day = 86_400_000;
const english = (words: string) => ({ original: 'en', en: words });

/** The call of the Summit: three questions, criteria by which a committee of three reads, and what they have read so far. */
export async function insertProposals(client: pg.Client, random: Random, summit: string, now: Date): Promise<void> {
	const at = (days: number) => new Date(now.getTime() + days * day).toISOString();
	const ids = async (sql: string, values: unknown[] = [summit]) =>
		(await client.query<{ id: string }>(sql, values)).rows.map(({ id }) => id);
	const people = await ids(
		`select r.person_id as id from public.registrations as r
		where r.summit_id = $1 and r.state = 'confirmed' and r.category = 'delegate' and not exists (select from private.protections as x where x.person_id = r.person_id)
			and not exists (select from public.role_grants as g where g.person_id = r.person_id) order by r.reference limit 70`
	);
	const [formats, tracks] = [
		await ids(`select id from public.formats where summit_id = $1 and slug <> 'break' order by position, slug`),
		await ids('select id from public.tracks where summit_id = $1 order by position, slug')
	];
	await insertRows(client, 'private.calls', [
		{
			summit_id: summit,
			opens_at: at(-60),
			closes_at: at(5),
			text: callText,
			format_ids: formats,
			track_ids: [],
			max_per_person: 3,
			is_anonymous: true,
			version: 1,
			updated_at: at(-60)
		}
	]);
	const [evidence, first] = await ids(
		`insert into private.call_questions (summit_id, label, kind, choices, is_required, subject, visible_to, in_balance, position) values
			($1, $2, 'choice', $3, true, 'proposal', 'reviewers', true, 1), ($1, $4, 'choice', $5, false, 'person', 'organisers', true, 2)
		returning id`,
		[
			summit,
			english('What does it rest on?'),
			JSON.stringify(bases),
			english('Have you spoken at a Summit before?'),
			JSON.stringify(spoken)
		]
	);
	const criteria = await ids(
		`insert into private.review_criteria (summit_id, name, help, weight, position) values ($1, $2, $3, 3, 1), ($1, $4, '{}', 2, 2), ($1, $5, '{}', 1, 3) returning id`,
		[
			summit,
			english('Use to members'),
			english('Will somebody do something differently on Monday?'),
			english('Evidence'),
			english('Clarity')
		]
	);
	const reviewers = people.slice(-3);
	for (const person of reviewers)
		await client.query('insert into private.reviewers (summit_id, person_id) values ($1, $2)', [summit, person]);
	for (const [n, [title, abstract]] of proposalTexts.entries()) {
		// Of 25: five drafts, two withdrawn, the rest sent.
		const state = n < 5 ? 'draft' : n < 7 ? 'withdrawn' : 'submitted';
		const owner = people[n] ?? '';
		const [id = ''] = await ids(
			`insert into private.proposals (summit_id, owner_id, state, title, abstract, format_id, track_id, level, created_at, updated_at, submitted_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
			[
				summit,
				owner,
				state,
				english(title),
				n === 0 ? {} : english(abstract),
				random.pick(formats),
				random.pick(tracks),
				random.chance(0.2) ? 'chatham_house' : 'members',
				at(-40 + n),
				at(-20 + n / 2),
				state === 'draft' ? null : at(-20 + n / 2)
			]
		);
		const entries = [owner, ...(n % 3 === 0 ? [people[40 + n] ?? owner] : [])].filter(
			(one, index, all) => all.indexOf(one) === index
		);
		for (const [position, person] of entries.entries())
			await client.query(
				`insert into private.proposal_people (proposal_id, summit_id, person_id, role, is_author, state, position, answered_at)
				values ($1, $2, $3, $4, $5, 'confirmed', $6, $7)`,
				[id, summit, person, position === 0 ? 'speaker' : 'moderator', position === 0, position, at(-20)]
			);
		if (n > 0)
			await client.query(
				`insert into private.proposal_answers (proposal_id, question_id, entry_id, answer)
				select $1::uuid, $2::uuid, null::uuid, $3::jsonb union all select $1::uuid, $4::uuid, id, $5::jsonb from private.proposal_people where proposal_id = $1::uuid and is_author`,
				[id, evidence, JSON.stringify(random.pick(bases).key), first, JSON.stringify(random.pick(spoken).key)]
			);
		if (state !== 'submitted') continue;
		// Two of three reviewers each; one of them is still at it with the last.
		for (const [turn, reviewer] of [reviewers[n % 3], reviewers[(n + 1) % 3]].entries()) {
			await client.query(
				`insert into private.review_assignments (proposal_id, reviewer_id) select $1::uuid, $2::uuid where private.conflict_of($1::uuid, $2::uuid) is null`,
				[id, reviewer]
			);
			if (n > 21 && turn === 1) continue;
			const scores = Object.fromEntries(criteria.map((criterion) => [criterion, random.between(1, 5)]));
			await client.query(
				`insert into private.reviews (proposal_id, reviewer_id, scores, comment, sent_at) select $1::uuid, $2::uuid, $3::jsonb, $4::text, $5::timestamptz
				where exists (select from private.review_assignments where proposal_id = $1::uuid and reviewer_id = $2::uuid)`,
				[id, reviewer, scores, random.pick(comments), at(-3)]
			);
		}
		// Decided, and not told yet: the mails are held.
		const decision = n < 10 ? 'accept' : n < 12 ? 'waitlist' : n < 14 ? 'decline' : null;
		if (decision)
			await client.query(
				`select private.record_proposal_decision(p, $2, 0) from private.proposals as p where p.id = $1`,
				[id, decision]
			);
	}
}

const callText = {
	original: 'en',
	en: 'We ask for late sessions on what has changed since the spring: new evidence, new law, and work that others can take up. Sessions that survivors lead or shape are welcome; nobody is asked to tell their story.',
	fr: 'Nous recherchons des sessions tardives sur ce qui a changé depuis le printemps : nouvelles données, nouvelles lois et travaux que d’autres peuvent reprendre. Les sessions menées ou conçues par des survivants sont bienvenues ; personne n’est invité à raconter son histoire.',
	es: 'Buscamos sesiones de última hora sobre lo que ha cambiado desde la primavera: nuevas pruebas, nuevas leyes y trabajos que otros puedan retomar. Son bienvenidas las sesiones dirigidas o diseñadas por sobrevivientes; a nadie se le pide que cuente su historia.',
	ar: 'نطلب جلسات متأخرة عمّا تغيّر منذ الربيع: أدلة جديدة وقوانين جديدة وأعمال يمكن لغيركم أن يتابعها. نرحّب بالجلسات التي يقودها الناجون أو يصوغونها، ولا يُطلب من أحد أن يروي قصته.',
	ru: 'Мы принимаем предложения поздних заседаний о том, что изменилось с весны: новые данные, новые законы и работа, которую могут продолжить другие. Приветствуются заседания, которые ведут или готовят пострадавшие; никого не просят рассказывать свою историю.',
	zh: '我们征集后期会议提案，主题为春季以来的变化：新的证据、新的法律，以及他人可以沿用的工作。欢迎由幸存者主导或参与设计的会议；不要求任何人讲述自己的经历。',
	pt: 'Procuramos sessões de última hora sobre o que mudou desde a primavera: novas provas, novas leis e trabalho que outros possam retomar. São bem-vindas as sessões conduzidas ou concebidas por sobreviventes; a ninguém se pede que conte a sua história.'
};

const bases = [
	{ key: 'research', label: english('Research') },
	{ key: 'practice', label: english('Practice') },
	{ key: 'law', label: english('Law or policy') }
];
const spoken = [
	{ key: 'yes', label: english('Yes') },
	{ key: 'no', label: english('No') }
];
const comments = [
	'Clear, and others could start on it at once.',
	'Important, but the abstract promises more than half an hour can hold.',
	'Close to another one; could they be one session?',
	'The evidence is thin. As a short talk it would still be worth hearing.'
];
