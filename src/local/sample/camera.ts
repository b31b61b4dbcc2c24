import type pg from 'pg';

const areas = ['Left block, rows 1 to 3', 'Last row, behind the interpreters', 'Right block, aisle seats'];

/** Where the rooms keep seats that no camera shows: one session of each room and day. */
export async function insertNoPhotoAreas(client: pg.Client, summit: string): Promise<void> {
	await client.query(
		`insert into private.no_photo_areas (session_id, summit_id, words)
		select each.session_id, $1, ($2::text[])[1 + (row_number() over (order by each.at, each.session_id)) % 3]
		from (
			select distinct on (sl.room_id, lower(sl.during)::date) sl.session_id, lower(sl.during) as at
			from public.release_slots as sl
			join public.sessions as s on s.id = sl.session_id and not s.is_break and s.level in ('public', 'members')
			join public.rooms as r on r.id = sl.room_id and r.kind = 'hall'
			where sl.release_id = private.newest_release($1) and not sl.is_cancelled
			order by sl.room_id, lower(sl.during)::date, lower(sl.during)) as each
		on conflict do nothing`,
		[summit, areas]
	);
}
