import type pg from 'pg';

const written = (en: string, fr: string, es: string, ar: string) => JSON.stringify({ original: 'en', en, fr, es, ar });

const title = written('Regular meeting', 'Réunion ordinaire', 'Reunión ordinaria', 'الاجتماع العادي');
const agenda = [
	{
		title: written(
			'Adoption of the agenda',
			'Adoption de l’ordre du jour',
			'Aprobación del orden del día',
			'إقرار جدول الأعمال'
		),
		minutes: 5,
		note: '{}'
	},
	{
		title: written(
			'Progress since the last meeting',
			'Progrès depuis la dernière réunion',
			'Avances desde la última reunión',
			'التقدم المحرز منذ الاجتماع السابق'
		),
		minutes: 40,
		note: written(
			'Each region reports for five minutes.',
			'Chaque région présente un rapport de cinq minutes.',
			'Cada región informa durante cinco minutos.',
			'تقدّم كل منطقة تقريرًا مدته خمس دقائق.'
		)
	},
	{
		title: written(
			'Date of the next meeting',
			'Date de la prochaine réunion',
			'Fecha de la próxima reunión',
			'موعد الاجتماع المقبل'
		),
		minutes: 5,
		note: '{}'
	}
];
const minutes = written(
	'The chair opened the meeting and the agenda was adopted.\n\nEach region reported on its progress. The group thanked those who had prepared the papers.\n\nThe next meeting was agreed.',
	'La présidence a ouvert la réunion et l’ordre du jour a été adopté.\n\nChaque région a présenté ses progrès. Le groupe a remercié les personnes qui avaient préparé les documents.\n\nLa prochaine réunion a été fixée.',
	'La presidencia abrió la reunión y se aprobó el orden del día.\n\nCada región informó de sus avances. El grupo dio las gracias a quienes habían preparado los documentos.\n\nSe fijó la próxima reunión.',
	'افتتح الرئيس الاجتماع وأُقرّ جدول الأعمال.\n\nقدّمت كل منطقة تقريرًا عن التقدم المحرز. وشكر الفريق من أعدّوا الوثائق.\n\nواتُّفق على موعد الاجتماع المقبل.'
);

const insertMeeting = (client: pg.Client, code: string, group: string, days: number) =>
	client.query(
		`insert into private.meetings (code, group_id, title, zone, starts_at, ends_at, place, link, level, state, created_at)
		select $1, g.id, $3, 'UTC', d.at, d.at + interval '90 minutes', 'Online', 'https://meetings.example/' || lower($1),
			g.level, (case when $4 < 0 then 'held' else 'planned' end)::public.meeting_state, now() - interval '80 days'
		from private.groups as g, lateral (select date_trunc('week', now() + $4 * interval '1 day') + interval '2 days 14 hours' as at) as d
		where g.code = $2`,
		[code, group, title, days]
	);

const insertAgenda = async (client: pg.Client, code: string) => {
	for (const [index, item] of agenda.entries())
		await client.query(
			`insert into private.meeting_items (meeting_id, rank, title, minutes, note, presenter_id)
			select m.id, $2, $3, $4, $5, (select x.id from private.group_people as x where x.group_id = m.group_id and x.part = 'chair' order by x.id limit 1)
			from private.meetings as m where m.code = $1`,
			[code, index + 1, item.title, item.minutes, item.note]
		);
	await client.query(
		`insert into private.meeting_papers (meeting_id, item_id, shown_name, link)
		select m.id, i.id, 'Background paper', 'https://papers.example/background'
		from private.meetings as m join private.meeting_items as i on i.meeting_id = m.id and i.rank = 2 where m.code = $1`,
		[code]
	);
};

const insertMinutes = (client: pg.Client, code: string, isApproved: boolean) =>
	client.query(
		`insert into private.meeting_minutes (meeting_id, number, body, state, comments_until, approved_at, approved_by)
		select m.id, 1, $2, (case when $3 then 'approved' else 'comments' end)::public.minutes_state, case when $3 then m.starts_at::date + 14 else current_date + 10 end,
			case when $3 then m.starts_at + interval '20 days' end,
			(select x.person_id from private.group_people as x where $3 and x.group_id = m.group_id and x.part = 'chair' order by x.id limit 1)
		from private.meetings as m where m.code = $1`,
		[code, minutes, isApproved]
	);

// Two of three answered to what is planned; of what was held, most were there.
const insertPeople = (client: pg.Client, code: string) =>
	client.query(
		`insert into private.meeting_people (meeting_id, person_id, answer, answered_at, attended)
		select m.id, x.person_id, (case when n % 4 = 0 then 'no' else 'yes' end)::public.meeting_answer, m.created_at + interval '1 day',
			case when m.state = 'held' then n % 4 <> 0 end
		from private.meetings as m
		join lateral (select x.person_id, row_number() over (order by x.id) as n from private.group_people as x where x.group_id = m.group_id) as x on m.state = 'held' or n % 3 <> 0
		where m.code = $1`,
		[code]
	);

// A meeting that has begun: two sample people of its group can meet in its room with two browsers.
const openRoom = async (client: pg.Client, code: string, group: string) => {
	await client.query(
		`insert into private.meetings (code, group_id, title, zone, starts_at, ends_at, place, level, created_at)
		select $1, g.id, $3, 'UTC', d.at, d.at + interval '4 hours', 'Online', g.level, now() - interval '20 days'
		from private.groups as g, lateral (select date_bin('15 minutes', now(), '2020-01-01') as at) as d
		where g.code = $2`,
		[
			code,
			group,
			written(
				'Meeting on common definitions',
				'Réunion sur les définitions communes',
				'Reunión sobre definiciones comunes',
				'اجتماع بشأن التعاريف المشتركة'
			)
		]
	);
	await insertAgenda(client, code);
	await client.query(
		`insert into private.meeting_rooms (meeting_id, opened_by)
		select m.id, (select x.person_id from private.group_people as x where x.group_id = m.group_id and x.part = 'chair' order by x.id limit 1)
		from private.meetings as m where m.code = $1`,
		[code]
	);
};

// Two of three people said which of four times suit them.
const insertPoll = async (client: pg.Client, code: string, group: string) => {
	await client.query(
		`with poll as (
			insert into private.meeting_polls (code, group_id, title, zone, minutes, place, level)
			select $1, g.id, $3, 'UTC', 60, 'Online', g.level from private.groups as g where g.code = $2
			returning id
		)
		insert into private.meeting_poll_times (poll_id, starts_at)
		select poll.id, date_trunc('week', now() + interval '42 days') + n * interval '1 day' + (array[8, 12, 15, 20])[n] * interval '1 hour'
		from poll, generate_series(1, 4) as n`,
		[
			code,
			group,
			written(
				'Preparing the next Summit',
				'Préparation du prochain Sommet',
				'Preparación de la próxima Cumbre',
				'الإعداد للقمة المقبلة'
			)
		]
	);
	// Their zones make the grid of local times; people of the sign-in page keep the zone of their device.
	await client.query(
		`insert into public.person_preferences (person_id, time_zone)
		select x.person_id, (array['America/Montevideo', 'Africa/Nairobi', 'Asia/Manila', 'Europe/Brussels'])[1 + (row_number() over (order by x.id) % 4)]
		from private.group_people as x join private.meeting_polls as p on p.group_id = x.group_id and p.code = $1
		where x.person_id not in (select person_id from private.sample_people)
		on conflict (person_id) do update set time_zone = excluded.time_zone`,
		[code]
	);
	await client.query(
		`insert into private.meeting_poll_votes (time_id, person_id, vote)
		select t.id, x.person_id, (array['yes', 'if_needed', 'no'])[1 + ((x.n + t.n) % 3)]::public.time_vote
		from private.meeting_polls as p
		join lateral (select t.id, row_number() over (order by t.starts_at) as n from private.meeting_poll_times as t where t.poll_id = p.id) as t on true
		join lateral (select x.person_id, row_number() over (order by x.id) as n from private.group_people as x where x.group_id = p.group_id) as x on x.n % 3 <> 0
		where p.code = $1`,
		[code]
	);
};

/**
 * Meetings of the sample groups: one with approved minutes and one whose minutes can be approved, both in the past, and,
 * of groups that have not ended, one to come and a poll on the time of another. One group meets now, in its room.
 */
export async function insertMeetings(client: pg.Client): Promise<void> {
	const { rows } = await client.query<{ code: string; ended: boolean; level: string }>(
		`select code, ended_at is not null as ended, level from private.groups order by code`
	);
	for (const { code: group, ended, level } of rows) {
		const codeOf = (part: string) => `${group.slice(0, 6)}${part}`;
		const past = codeOf('M2');
		await insertMeeting(client, past, group, ended ? -200 : -60);
		await insertAgenda(client, past);
		await insertPeople(client, past);
		await insertMinutes(client, past, true);
		await client.query(
			`update private.group_decisions as d set meeting_id = m.id from private.meetings as m
			where m.code = $1 and d.group_id = m.group_id`,
			[past]
		);
		if (level !== 'closed')
			await client.query(`update private.meetings set published_at = now() - interval '30 days' where code = $1`, [
				past
			]);
		if (ended) continue;
		const recent = codeOf('M3');
		await insertMeeting(client, recent, group, -20);
		await insertAgenda(client, recent);
		await insertPeople(client, recent);
		await insertMinutes(client, recent, false);
		const next = codeOf('M4');
		await insertMeeting(client, next, group, 24);
		await insertAgenda(client, next);
		await insertPeople(client, next);
		await insertPoll(client, codeOf('P5'), group);
		if (group === 'REFRDATA') await openRoom(client, codeOf('M6'), group);
	}
}
