import type pg from 'pg';

/** A young delegate whose guardian is Grace Wanjiru, with sessions, consents as they are, and a question that waits. */
export async function insertWard(client: pg.Client, summit: string): Promise<void> {
	const found = await client.query<{ id: string; person_id: string }>(
		`update public.registrations as r set is_minor = true, guardian_id = g.id, guardian_consent_at = r.submitted_at
		from public.registrations as g
		join public.people as p on p.id = g.person_id and p.display_name = 'Grace Wanjiru'
		where g.summit_id = $1 and r.id = (
			select young.id from public.registrations as young
			where young.summit_id = $1 and young.category = 'delegate' and young.state = 'confirmed' and young.mode = 'in_person' and young.id <> g.id
				and not exists (select from public.session_people as sp where sp.person_id = young.person_id)
				and not exists (select from private.protections as x where x.person_id = young.person_id)
				and not exists (select from public.account_people as a where a.person_id = young.person_id)
				and not exists (select from public.focal_points as f where f.person_id = young.person_id)
			order by young.reference desc limit 1)
		returning r.id, r.person_id`,
		[summit]
	);
	const [young] = found.rows;
	if (!young) return;
	await client.query(
		`insert into private.guardian_stage_agreements (registration_id, guardian_id, on_stage, recorded)
		select id, guardian_id, true, false from public.registrations where id = $1`,
		[young.id]
	);
	await client.query(
		`insert into public.agenda_marks (person_id, session_id)
		select $2, id from (
			select distinct on (s.content_note = '{}') s.id from public.sessions as s
			join public.slots on slots.session_id = s.id
			where s.summit_id = $1 and s.state = 'confirmed' and not s.is_break and s.level in ('public', 'members')
			order by s.content_note = '{}', lower(slots.during)) as chosen
		on conflict do nothing`,
		[summit, young.person_id]
	);
	await client.query(
		`insert into private.session_questions (session_id, summit_id, person_id, body, shown_as, level)
		select s.id, s.summit_id, $2, 'How can pupils help to decide what schools report?', 'affiliation', s.level
		from public.sessions as s join public.agenda_marks as m on m.session_id = s.id
		where m.person_id = $2 and s.summit_id = $1 and s.level in ('public', 'members') order by s.code limit 1`,
		[summit, young.person_id]
	);
}
