import type pg from 'pg';

const day = 86_400_000;

const confirmed = {
	subject: 'Your seat is confirmed: {summit}',
	body: `{if hall}
Your seat in the hall is yours, and every stream is open to you as well. You can book your travel now.

{if hall}
Badges are given out at the east entrance from eight in the morning of the first day.

{if not hall}
You take part online: on the day, open your page and join from there.

When: {dates}
Reference: {reference}

{button}`
};

const doors = {
	en: {
		subject: 'The doors open at eight',
		body: 'On both days of {summit} the doors open at eight. Please have your badge at hand.\n\n{button: Open my badge}'
	},
	fr: {
		subject: 'Les portes ouvrent à huit heures',
		body: 'Les deux jours de {summit}, les portes ouvrent à huit heures. Veuillez avoir votre badge à portée de main.\n\n{button: Ouvrir mon badge}'
	},
	es: {
		subject: 'Las puertas abren a las ocho',
		body: 'Los dos días de {summit}, las puertas abren a las ocho. Tenga a mano su credencial.\n\n{button: Abrir mi credencial}'
	},
	ar: {
		subject: 'تُفتح الأبواب في الثامنة',
		body: 'تُفتح الأبواب في الثامنة صباحًا في يومي {summit}. يُرجى إبقاء البطاقة في متناول اليد.\n\n{button: فتح بطاقتي}'
	},
	ru: {
		subject: 'Двери открываются в восемь',
		body: 'В оба дня мероприятия «{summit}» двери открываются в восемь утра. Держите, пожалуйста, бейдж под рукой.\n\n{button: Открыть мой бейдж}'
	},
	zh: {
		subject: '大门八点开放',
		body: '{summit}的两天里，大门均于早上八点开放。请随身携带证件。\n\n{button: 打开我的证件}'
	},
	pt: {
		subject: 'As portas abrem às oito',
		body: 'Nos dois dias do evento {summit}, as portas abrem às oito. Tenha o crachá à mão.\n\n{button: Abrir o meu crachá}'
	}
};

const draft = {
	en: {
		subject: 'A few answers are still missing',
		body: 'To prepare for you at {summit} we need a few more answers. It takes five minutes.\n\n{button}'
	}
};

/** Shows changed texts of mails, a message that went to a group, and one that is still a draft. */
export async function insertMessages(client: pg.Client, summit: string, now: Date): Promise<void> {
	const { rows } = await client.query<{ id: string }>(
		`select id from public.people where display_name = 'Emeka Nwosu'`
	);
	const organiser = rows[0]?.id ?? null;
	const at = (days: number) => new Date(now.getTime() - days * day).toISOString();
	await client.query(
		`insert into public.mail_texts (summit_id, template, locale, version, subject, body, saved_at, saved_by) values ($1, 'registration_confirmed', 'en', 1, $2, $3, $4, $5)`,
		[summit, confirmed.subject, confirmed.body, at(40), organiser]
	);
	const sent = await client.query<{ id: string }>(
		`insert into public.group_messages (summit_id, filters, texts, page, state, version, created_by, created_at, sent_by, sent_at, total)
		select $1, '{"states": ["confirmed"], "mode": "in_person"}', $2, '/me', 'sending', 2, $3, $4, $3, $4,
			(select count(*) from public.registrations as r where r.summit_id = $1 and r.state = 'confirmed' and r.mode = 'in_person')
		returning id`,
		[summit, JSON.stringify(doors), organiser, at(3)]
	);
	// Their mails are long gone from the outbox.
	await client.query(
		`insert into private.group_message_recipients (message_id, person_id, registration_id, locale, state, queued_at)
		select $2, r.person_id, r.id, coalesce(f.locale, 'en'), case when row_number() over (order by r.reference) <= 2 then 'unreachable' else 'queued' end, $3
		from public.registrations as r left join public.person_preferences as f on f.person_id = r.person_id
		where r.summit_id = $1 and r.state = 'confirmed' and r.mode = 'in_person'`,
		[summit, sent.rows[0]?.id, at(3)]
	);
	await client.query(
		`insert into public.group_messages (summit_id, filters, texts, page, created_by, created_at)
		values ($1, '{"states": ["confirmed"], "logistics": "missing"}', $2, '/me/logistics', $3, $4)`,
		[summit, JSON.stringify(draft), organiser, at(1)]
	);
}
