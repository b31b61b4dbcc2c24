import type pg from 'pg';

const day = 86_400_000;

const nominate = {
	en: {
		subject: 'Please nominate your delegates for {summit}',
		body: '{member} has not nominated anybody for {summit} yet.\n\n{if until}\nNominations are open until {until}.\n\n{button}'
	},
	fr: {
		subject: 'Veuillez désigner vos délégués pour {summit}',
		body: '{member} n’a encore désigné personne pour {summit}.\n\n{if until}\nLes désignations sont ouvertes jusqu’au {until}.\n\n{button}'
	},
	es: {
		subject: 'Designe a sus delegados para {summit}',
		body: '{member} todavía no ha designado a nadie para {summit}.\n\n{if until}\nLas designaciones están abiertas hasta el {until}.\n\n{button}'
	}
};

const library = {
	en: {
		subject: 'New in the library of the Alliance',
		body: 'The threat assessment of this year is in the library, in six languages.\n\n{button: Read it}'
	}
};

/** Shows a campaign that was sent with one reminder to members of a Summit, and one of news that is still a draft. */
export async function insertCampaigns(client: pg.Client, summit: string, now: Date): Promise<void> {
	const found = await client.query<{ id: string }>(`select id from public.people where display_name = 'Lucía Ferrer'`);
	const writer = found.rows[0]?.id ?? null;
	const at = (days: number) => new Date(now.getTime() - days * day).toISOString();
	const sent = await client.query<{ id: string }>(
		`insert into private.campaigns (title, kind, summit_id, segment, texts, page, state, version, send_at, reminders, remind_days,
			deadline, round, round_at, created_by, created_at, started_by, ended_at)
		values ('Nominations that are missing', 'service', $1, $2, $3, 'delegation', 'sent', 2, $4, 1, 7, $5, 2, $6, $7, $4, $7, $6)
		returning id`,
		[
			summit,
			JSON.stringify({ recipients: 'focal_points', not_nominated: summit }),
			JSON.stringify(nominate),
			at(24),
			at(12),
			at(17),
			writer
		]
	);
	// Their mails are long gone from the outbox. The reminder went to those who had still nominated nobody.
	for (const [round, most, days] of [
		[1, 24, 24],
		[2, 15, 17]
	])
		await client.query(
			`insert into private.campaign_recipients (campaign_id, round, person_id, member_ids, locale, state, queued_at, added_at)
			select $2, $3, f.person_id, array_agg(f.member_id), 'en',
				case when row_number() over (order by f.person_id) = 5 then 'unreachable' else 'sent' end, $5, $5
			from public.focal_points as f
			where f.summit_id = $1
			group by f.person_id order by f.person_id limit $4`,
			[summit, sent.rows[0]?.id, round, most, at(days ?? 0)]
		);
	await client.query(
		`insert into private.campaigns (title, kind, segment, texts, page, created_by, created_at)
		values ('New in the library', 'news', '{"recipients": "people"}', $1, 'library', $2, $3)`,
		[JSON.stringify(library), writer, at(1)]
	);
}
