-- Chapters of a recording: somebody who comes on stage, a page of slides, or the recording going on after a break.

-- Marks a page of slides in what is being recorded.
create function private.add_slide_mark(p_run uuid, p_page integer) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.recording_marks (recording_id, kind, page)
	select g.id, 'slide', p_page
	from private.recordings as g
	where g.run_id = p_run and g.state in ('wanted', 'running')
$$;

-- When slides are shown or turned.
create function private.mark_shown_slide() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.add_slide_mark(new.run_id, new.page);
	return null;
end
$$;

create trigger follow_recording after insert or update of page, version_id on private.run_slides for each row
	execute function private.mark_shown_slide();

-- The position of a moment in the file, in milliseconds. A moment in a break has the position where the recording
-- continues; null after the end, and for what a trim has cut off.
create function private.position_in_recording(p_recording uuid, p_at timestamptz) returns integer
language sql stable security definer set search_path = '' as $$
	select placed.at - coalesce(t.starts_ms, 0)
	from (
		select min(before + greatest(0, (extract(epoch from p_at - started_at) * 1000)::integer)) as at
		from (
			select started_at, length_ms, coalesce(sum(length_ms) over (
				order by number rows between unbounded preceding and 1 preceding), 0)::integer as before
			from private.recording_parts
			where recording_id = p_recording and length_ms > 0) as parts
		where p_at < started_at + length_ms * interval '1 millisecond') as placed
	left join private.recording_trims as t on t.recording_id = p_recording
	where t.recording_id is null or placed.at >= t.starts_ms and placed.at < t.ends_ms
$$;

-- [{at (milliseconds), kind: began | on_stage | slide, name, page}]. A file whose beginning was cut off begins with a
-- chapter without a name: who was on stage before may have left it. Of marks in the same second the last one counts,
-- for it says what is to be seen. Names are those of this moment; somebody under 18 who came from the floor is not
-- named.
create function private.chapters_of(p_recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with marked as (
		select private.position_in_recording(p_recording, k.at) / 1000 * 1000 as at, k.kind, k.person_id, k.page, k.id
		from private.recording_marks as k
		where k.recording_id = p_recording
		union all
		select 0, 'began', null, null, 0
		from private.recording_trims as t
		where t.recording_id = p_recording and t.starts_ms > 0
	), placed as (
		select distinct on (k.at) k.at, k.kind,
			case when not private.is_unnamed_minor(people.id, g.session_id) then people.display_name end as name, k.page
		from marked as k
		join private.recordings as g on g.id = p_recording
		left join public.people on people.id = k.person_id
		where k.at is not null
		order by k.at, k.kind = 'began', k.id desc
	), followed as (
		select placed.*, kind = lag(kind) over earlier
			and name is not distinct from lag(name) over earlier
			and page is not distinct from lag(page) over earlier as is_same
		from placed
		window earlier as (order by at)
	)
	-- Somebody who left the stage for a moment and came back is named once, and so is a page that was shown again.
	select coalesce(jsonb_agg(jsonb_build_object('at', at, 'kind', kind, 'name', name, 'page', page) order by at), '[]')
	from followed
	where kind = 'began' or not coalesce(is_same, false)
$$;
