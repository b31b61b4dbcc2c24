import type pg from 'pg';

/** Freezes a Summit's draft as its first release, as publishing does. Nobody is signed in while the sample is made. */
export async function releaseDraft(client: pg.Client, summit: string, at: Date): Promise<void> {
	const made = await client.query<{ id: string }>(
		`insert into public.releases (summit_id, number, released_at) values ($1, 1, $2) returning id`,
		[summit, at]
	);
	const release = made.rows[0]?.id;
	await client.query(
		`insert into public.release_sessions (release_id, session_id, summit_id, title, abstract, content_note, links, format, format_slug, track, track_slug,
			level, audience, attendance, spoken, interpreted, is_recorded, is_break)
		select $1, s.id, s.summit_id, s.title, s.abstract, s.content_note, s.links, coalesce(f.name, '{}'), f.slug, coalesce(t.name, '{}'), t.slug,
			s.level, s.audience, s.attendance, s.spoken, s.interpreted, s.is_recorded, s.is_break
		from public.sessions as s
		left join public.formats as f on f.id = s.format_id
		left join public.tracks as t on t.id = s.track_id
		where s.summit_id = $2 and s.state = 'confirmed'`,
		[release, summit]
	);
	await client.query(
		`insert into public.release_slots (release_id, session_id, room_id, slot_id, summit_id, during)
		select $1, slots.session_id, slot_rooms.room_id, slots.id, slots.summit_id, slots.during
		from public.slots join public.slot_rooms on slot_rooms.slot_id = slots.id where slots.summit_id = $2`,
		[release, summit]
	);
	await client.query(
		`insert into public.release_people (release_id, session_id, person_id, role, position)
		select $1, session_id, person_id, role, position from public.session_people where summit_id = $2 and state <> 'declined'`,
		[release, summit]
	);
}
