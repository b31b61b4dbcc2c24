import type pg from 'pg';

interface SampleGroup {
	code: string;
	name: { en: string; fr: string; es: string; ar: string };
	purpose: { en: string; fr: string; es: string; ar: string };
	level: 'public' | 'members' | 'closed';
	/** How many people; the first is its chair. */
	people: number;
	/** Sample people of the sign-in page, by the beginning of their names, and what they do here. */
	named?: [name: string, part: 'chair' | 'secretary' | 'member'][];
	asked?: boolean;
	ended?: boolean;
}

const groups: SampleGroup[] = [
	{
		code: 'TASKFRCE',
		name: {
			en: 'Global Task Force',
			fr: 'Équipe spéciale mondiale',
			es: 'Equipo de tareas mundial',
			ar: 'فرقة العمل العالمية'
		},
		purpose: {
			en: 'Advises the members between Summits on where to act together first.',
			fr: 'Conseille les membres entre les Sommets sur les actions communes à engager en premier.',
			es: 'Asesora a los miembros entre Cumbres sobre dónde actuar juntos primero.',
			ar: 'تُسدي المشورة للأعضاء بين القمم بشأن المجالات التي ينبغي العمل فيها معًا أولًا.'
		},
		level: 'public',
		people: 12,
		named: [['Marguerite', 'member']]
	},
	{
		code: 'REFRDATA',
		name: {
			en: 'Reference group on data',
			fr: 'Groupe de référence sur les données',
			es: 'Grupo de referencia sobre datos',
			ar: 'الفريق المرجعي المعني بالبيانات'
		},
		purpose: {
			en: 'Agrees on what is counted, so that figures of several countries can be compared.',
			fr: 'S’accorde sur ce qui est compté, afin que les chiffres de plusieurs pays soient comparables.',
			es: 'Acuerda qué se cuenta, para que las cifras de varios países sean comparables.',
			ar: 'يتفق على ما يُحصى، لكي تكون أرقام عدة بلدان قابلة للمقارنة.'
		},
		level: 'members',
		people: 8,
		named: [
			['Marguerite', 'chair'],
			['Noor', 'member']
		],
		asked: true
	},
	{
		code: 'WRKHLPLN',
		name: {
			en: 'Working group on helplines',
			fr: 'Groupe de travail sur les lignes d’assistance',
			es: 'Grupo de trabajo sobre líneas de ayuda',
			ar: 'الفريق العامل المعني بخطوط المساعدة'
		},
		purpose: {
			en: 'Helplines share how they answer in many languages, and train each other.',
			fr: 'Les lignes d’assistance partagent leur pratique dans de nombreuses langues et se forment mutuellement.',
			es: 'Las líneas de ayuda comparten cómo responden en muchos idiomas y se forman entre sí.',
			ar: 'تتبادل خطوط المساعدة طرق الرد بلغات عديدة، ويدرّب بعضها بعضًا.'
		},
		level: 'public',
		people: 9,
		named: [['Grace', 'member']]
	},
	{
		code: 'WRKLAWSS',
		name: {
			en: 'Working group on law reform',
			fr: 'Groupe de travail sur la réforme du droit',
			es: 'Grupo de trabajo sobre la reforma legislativa',
			ar: 'الفريق العامل المعني بإصلاح القوانين'
		},
		purpose: {
			en: 'Compares new laws with the model national response.',
			fr: 'Compare les nouvelles lois avec la réponse nationale type.',
			es: 'Compara las nuevas leyes con la respuesta nacional modelo.',
			ar: 'يقارن القوانين الجديدة بنموذج الاستجابة الوطنية.'
		},
		level: 'members',
		people: 6
	},
	{
		code: 'CLSDGRUP',
		name: {
			en: 'Closed group of investigators',
			fr: 'Groupe fermé des enquêteurs',
			es: 'Grupo cerrado de investigadores',
			ar: 'فريق المحققين المغلق'
		},
		purpose: {
			en: 'Investigators prepare their closed meeting at the Summit.',
			fr: 'Les enquêteurs préparent leur réunion à huis clos au Sommet.',
			es: 'Los investigadores preparan su reunión a puerta cerrada en la Cumbre.',
			ar: 'يُعدّ المحققون اجتماعهم المغلق في القمة.'
		},
		level: 'closed',
		people: 5,
		named: [['Grace', 'secretary']]
	},
	{
		code: 'ENDDGRUP',
		name: {
			en: 'Preparatory group of the last Summit',
			fr: 'Groupe préparatoire du dernier Sommet',
			es: 'Grupo preparatorio de la última Cumbre',
			ar: 'الفريق التحضيري للقمة السابقة'
		},
		purpose: {
			en: 'Prepared the last Summit.',
			fr: 'A préparé le dernier Sommet.',
			es: 'Preparó la última Cumbre.',
			ar: 'أعدّ القمة السابقة.'
		},
		level: 'public',
		people: 4,
		ended: true
	}
];

// People of members, none under another name, the same for the same sample: each group begins where the one before ended.
const candidates = `
	select r.person_id, r.member_id from public.registrations as r join public.people as p on p.id = r.person_id
	where r.summit_id = $1 and r.state = 'confirmed' and r.member_id is not null
		and not exists (select from private.protections as x where x.person_id = p.id)
		and not exists (select from private.sample_people as x where x.person_id = p.id)
	order by p.code`;

const page = {
	title: {
		original: 'en',
		en: 'How the group works',
		fr: 'Fonctionnement du groupe',
		es: 'Cómo trabaja el grupo',
		ar: 'كيف يعمل الفريق'
	},
	body: {
		original: 'en',
		en: 'The group meets four times a year, online, and once at each Summit.\n\nIts chair sends the agenda two weeks before a meeting, its secretary the draft of the minutes one week after it. Decisions are in the register of the group.\n\nMembers name one person and an alternate for two years.',
		fr: 'Le groupe se réunit quatre fois par an en ligne, et une fois à chaque Sommet.\n\nLa présidence envoie l’ordre du jour deux semaines avant une réunion, le secrétariat le projet de compte rendu une semaine après. Les décisions figurent dans le registre du groupe.\n\nLes membres désignent une personne et une suppléance pour deux ans.',
		es: 'El grupo se reúne cuatro veces al año en línea y una vez en cada Cumbre.\n\nLa presidencia envía el orden del día dos semanas antes de una reunión, y la secretaría el proyecto de acta una semana después. Las decisiones figuran en el registro del grupo.\n\nLos miembros designan a una persona y a una suplente por dos años.',
		ar: 'يجتمع الفريق أربع مرات في السنة عبر الإنترنت، ومرة في كل قمة.\n\nترسل الرئاسة جدول الأعمال قبل الاجتماع بأسبوعين، وترسل الأمانة مشروع المحضر بعده بأسبوع. وترد القرارات في سجل الفريق.\n\nيسمّي الأعضاء شخصًا وبديلًا لمدة سنتين.'
	}
};

/** A published page of a group, for all who see the group. */
async function insertPage(client: pg.Client, code: string): Promise<void> {
	await client.query(
		`with made as (
			insert into private.group_pages (code, group_id, title, body, for_readers, published)
			select left(g.code, 4) || 'PAGE', g.id, $2, $3, g.level <> 'closed', 1
			from private.groups as g where g.code = $1
			returning id, group_id, title, body
		)
		insert into private.group_page_versions (page_id, number, title, body, level)
		select m.id, 1, m.title, m.body, g.level from made as m join private.groups as g on g.id = m.group_id`,
		[code, JSON.stringify(page.title), JSON.stringify(page.body)]
	);
}

/** One of the closed sessions of the Summit is a meeting of the group on data: its people are listed with the others. */
async function insertGroupSession(client: pg.Client, summit: string): Promise<void> {
	await client.query(
		`insert into private.session_groups (session_id, summit_id, group_id)
		select s.id, s.summit_id, g.id
		from private.groups as g, public.sessions as s
		where g.code = 'REFRDATA' and s.summit_id = $1 and s.level = 'closed' and s.audience = 'listed'
		order by s.title ->> 'en' like 'Evidence%' desc, s.code limit 1`,
		[summit]
	);
}

/** Six groups: open to all, to the members, closed, and one that has ended. */
export async function insertGroups(client: pg.Client, summit: string): Promise<void> {
	let at = 0;
	for (const group of groups) {
		const { code, level, people, ended } = group;
		const [name, purpose] = [group.name, group.purpose].map((texts) => JSON.stringify({ original: 'en', ...texts }));
		await client.query(
			`insert into private.groups (code, name, purpose, level, ended_at, created_at, updated_at)
			values ($1, $2, $3, $4, case when $5 then now() - interval '90 days' end, now() - interval '2 years', now())`,
			[code, name, purpose, level, ended ?? false]
		);
		const own = `(select id from private.groups where code = $2)`;
		await client.query(
			`insert into private.group_people (group_id, person_id, part, member_id, since, until)
			select ${own}, c.person_id, (case n when 1 then 'chair' when 2 then 'secretary' when $4 then 'alternate' else 'member' end)::public.group_part,
				c.member_id, current_date - 300, case when n % 3 = 0 then current_date + 400 end
			from (select c.*, row_number() over () as n from (${candidates} offset $3 limit $4) as c) as c`,
			[summit, code, at, people]
		);
		await client.query(
			`update private.group_people as x set alternate_of = (
				select o.id from private.group_people as o join public.people as p on p.id = o.person_id
				where o.group_id = x.group_id and o.part = 'member' order by p.code limit 1)
			where x.group_id = (select id from private.groups where code = $1) and x.part = 'alternate'`,
			[code]
		);
		await client.query(
			`insert into private.group_members (group_id, member_id)
			select distinct group_id, member_id from private.group_people where group_id = (select id from private.groups where code = $1)`,
			[code]
		);
		for (const [person, part] of group.named ?? [])
			await client.query(
				`insert into private.group_people (group_id, person_id, part, since)
				select ${own}, p.id, $3, current_date - 200 from public.people as p where p.display_name like $1 || '%'
				order by p.id not in (select person_id from private.sample_people), p.code limit 1`,
				[person, code, part]
			);
		// Each group but the ended one has decided once, and its people have two things to do.
		if (!ended)
			await client.query(
				`with decided as (
					insert into private.group_decisions (group_id, wording, decided_on, level)
					select g.id, '{"original": "en", "en": "The group meets four times a year, online, at hours that change with the regions."}',
						current_date - 60, g.level
					from private.groups as g where g.code = $1
				)
				insert into private.group_actions (group_id, task, owner_id, due_on, done_at, level)
				select g.id, t.task::jsonb, t.owner, current_date + t.due, case when t.is_done then now() end, g.level
				from private.groups as g, lateral (values
					('{"original": "en", "en": "Propose hours for the next four meetings"}', 30, false,
						(select x.id from private.group_people as x where x.group_id = g.id order by x.member_id is null desc, x.part, x.id limit 1)),
					('{"original": "en", "en": "Send the list of contact points"}', -10, true,
						(select x.id from private.group_people as x where x.group_id = g.id and x.part = 'secretary' order by x.id limit 1))
				) as t (task, due, is_done, owner) where g.code = $1`,
				[code]
			);
		if (!ended) await insertPage(client, code);
		at += people;
		if (group.asked)
			await client.query(
				`insert into private.group_requests (group_id, person_id, note)
				select ${own}, c.person_id, 'We publish the figures of our hotline and could share how.' from (${candidates} offset $3 limit 1) as c`,
				[summit, code, at + 40]
			);
	}
	await insertGroupSession(client, summit);
}
