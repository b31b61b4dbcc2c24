-- Meetings of groups: agenda, papers, attendance and minutes.

set check_function_bodies = off;

-- What functions about meetings answer.

-- An act on a meeting, its agenda or its papers. Conflict: it was changed since the version that was read. Wrong state: it
-- is past, cancelled, or not yet that far.
create domain public.meeting_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state'));

-- A step of the minutes. Too early: people may still comment.
create domain public.minutes_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'too_early'));

-- Meetings of groups: agenda, papers, attendance and minutes. Nothing here is readable through the API: everything is read
-- and written by functions of this folder, which ask private.is_in_group.

create type public.meeting_state as enum ('planned', 'held', 'cancelled');

create type public.meeting_answer as enum ('yes', 'no', 'alternate');

create type public.minutes_state as enum ('draft', 'comments', 'approved');

create table private.meetings (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	group_id uuid not null references private.groups (id) on delete cascade,
	title public.text_map not null check (title <> '{}'::jsonb),
	-- Where its wall time is thought, and kept when clocks change.
	zone text not null references private.time_zones (name),
	starts_at timestamptz not null,
	ends_at timestamptz not null,
	place text not null default '' check (length(place) <= 200),
	link text check (link ~ '^https://[^[:space:]<>"]+$' and length(link) <= 500),
	-- Its people see a meeting at any level. The level says who else may ever learn that its minutes were approved, and
	-- who reads what it decided; where that of the group is stricter, that one counts.
	level public.group_level not null,
	state public.meeting_state not null default 'planned',
	-- The same for all meetings that were planned together.
	series_id uuid,
	-- Since when those who see the group are told that the minutes were approved.
	published_at timestamptz,
	-- Counts the changes: who saves names the one that they saw.
	version integer not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	check (ends_at > starts_at and ends_at <= starts_at + interval '7 days'),
	check (starts_at between timestamptz '2000-01-01Z' and timestamptz '2199-12-31Z'),
	check (published_at is null or level <> 'closed'),
	constraint title_one_line check (private.are_one_line(title)),
	constraint place_one_line check (private.is_one_line(place))
);
create index on private.meetings (group_id, starts_at);
create index on private.meetings (series_id);
create index on private.meetings (zone);
alter table private.meetings enable row level security;
select audit.watch('private.meetings');

-- The agenda of a meeting, in the order of `rank`.
create table private.meeting_items (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	rank integer not null,
	title public.text_map not null check (title <> '{}'::jsonb),
	minutes integer check (minutes between 1 and 600),
	presenter_id uuid references private.group_people (id) on update cascade on delete set null,
	note public.text_map not null default '{}',
	constraint title_one_line check (private.are_one_line(title))
);
create index on private.meeting_items (meeting_id, rank);
create index on private.meeting_items (presenter_id);
alter table private.meeting_items enable row level security;
select audit.watch('private.meeting_items');

-- Papers of a meeting or of an item of its agenda: a file in the private store, or an address.
create table private.meeting_papers (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	item_id uuid references private.meeting_items (id) on delete cascade,
	shown_name text not null check (length(shown_name) between 1 and 200
		and shown_name !~ '[\u0001-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c/\\]'),
	object_name text unique references private.stored_objects (name) on delete restrict,
	link text check (link ~ '^https://[^[:space:]<>"]+$' and length(link) <= 500),
	added_by uuid references public.people (id) on update cascade on delete set null,
	added_at timestamptz not null default now(),
	check ((object_name is null) <> (link is null))
);
create index on private.meeting_papers (meeting_id);
create index on private.meeting_papers (item_id);
create index on private.meeting_papers (added_by);
alter table private.meeting_papers enable row level security;
select audit.watch('private.meeting_papers', 'added_by', 'shown_name', 'object_name', 'link');

-- What somebody answered to a meeting, and whether they were there. The people of the group are invited without a row.
create table private.meeting_people (
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	answer public.meeting_answer,
	-- Who comes instead.
	alternate_id uuid references private.group_people (id) on update cascade on delete set null,
	answered_at timestamptz,
	-- Null: not recorded.
	attended boolean,
	primary key (meeting_id, person_id),
	check ((answer is null) = (answered_at is null)),
	check (alternate_id is null or answer = 'alternate')
);
create index on private.meeting_people (person_id);
create index on private.meeting_people (alternate_id);
alter table private.meeting_people enable row level security;
select audit.watch('private.meeting_people', 'person_id');

-- The minutes of a meeting. An approved version is never changed: a correction is the next version.
create table private.meeting_minutes (
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	number integer not null check (number > 0),
	body public.text_map not null check (body <> '{}'::jsonb),
	-- Why the version before is corrected.
	reason text not null default '' check (length(reason) <= 500),
	state public.minutes_state not null default 'draft',
	-- The last day for comments, in the zone of the meeting.
	comments_until date,
	approved_at timestamptz,
	approved_by uuid references public.people (id) on update cascade on delete set null,
	version integer not null default 1,
	updated_at timestamptz not null default now(),
	primary key (meeting_id, number),
	check ((state = 'approved') = (approved_at is not null)),
	check (state = 'draft' or comments_until is not null),
	check ((number = 1) = (reason = '')),
	check (length(body::text) <= 60000),
	constraint reason_one_line check (private.is_one_line(reason))
);
create unique index meeting_minutes_one_open on private.meeting_minutes (meeting_id) where state <> 'approved';
create index on private.meeting_minutes (approved_by);
alter table private.meeting_minutes enable row level security;
select audit.watch('private.meeting_minutes');

-- What people of the group say on minutes that are open for comments.
create table private.meeting_comments (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null,
	number integer not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	body text not null check (length(body) between 1 and 4000),
	written_at timestamptz not null default now(),
	foreign key (meeting_id, number) references private.meeting_minutes (meeting_id, number) on delete cascade
);
create index on private.meeting_comments (meeting_id, number);
create index on private.meeting_comments (person_id);
alter table private.meeting_comments enable row level security;
select audit.watch('private.meeting_comments', 'person_id', 'body');

alter table private.group_decisions add column meeting_id uuid references private.meetings (id) on delete set null;
create index on private.group_decisions (meeting_id);
alter table private.group_actions add column meeting_id uuid references private.meetings (id) on delete set null;
create index on private.group_actions (meeting_id);

-- Who sees and who leads the meetings of a group. The people of a group see its meetings, alternates too; its chairs and
-- secretaries lead them. Nobody else does: those who run the community may see a group and name its chair, but have no
-- part in what it discusses unless they are among its people. So an unseen meeting and an unknown one give the same answer.

-- Whether somebody is of a group today. Its people see it (private.visible_groups).
create function private.is_in_group(p_person uuid, p_group uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as x where x.group_id = p_group and x.person_id = p_person)
$$;

-- Whether somebody is chair or secretary of a group today.
create function private.chairs_group(p_person uuid, p_group uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as x
		where x.group_id = p_group and x.person_id = p_person and x.part in ('chair', 'secretary'))
$$;

-- The level that counts for a meeting: its own or that of its group, whichever is stricter.
create function private.meeting_level(p private.meetings) returns public.group_level
language sql stable security definer set search_path = '' as $$
	select greatest(p.level, g.level) from private.groups as g where g.id = p.group_id
$$;

-- The meeting of a code whose group the reader is of, or with `p_leads` leads; null for others. Locks the group, as every
-- change to a group does, so that of two changes at once the second sees what the first did.
create function private.lock_meeting(p_code text, p_leads boolean) returns private.meetings
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings;
begin
	perform from private.groups as g
	where g.id = (select m.group_id from private.meetings as m where m.code = p_code)
	for update;
	select * into v from private.meetings as m where m.code = p_code;
	if v.id is null or not private.is_in_group(private.me(), v.group_id)
		or p_leads and not private.chairs_group(private.me(), v.group_id) then
		return null;
	end if;
	return v;
end
$$;

-- Planning, moving and cancelling meetings, one or a series.

-- Plans a meeting, for chairs and secretaries of a group that has not ended. `fields`: {title, local: its wall time
-- ("2027-06-09T10:30"), zone, minutes, place, link, level, every: week | two_weeks | month | null, times}. With `every` it
-- plans so many meetings at the same wall time, also when clocks change; a month without that day gets its last one.
-- Answers {status: ok, code: of the first} or {status: not_found | invalid}. Locks the group.
create function public.plan_meeting(code text, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group private.groups;
	v_step interval;
	v_times integer := 1;
	v_series uuid;
	v_start timestamptz;
	v_code text;
	v_first text;
begin
	select * into v_group from private.groups as g where g.code = plan_meeting.code for update;
	if v_group.id is null or not private.chairs_group(private.me(), v_group.id) then
		return '{"status": "not_found"}';
	end if;
	if fields ->> 'every' is not null then
		v_times := (fields ->> 'times')::integer;
		v_step := case fields ->> 'every'
			when 'week' then interval '7 days'
			when 'two_weeks' then interval '14 days'
			when 'month' then interval '1 month' end;
	end if;
	if v_times > 1 then v_series := gen_random_uuid(); end if;
	if v_group.ended_at is not null
		or (fields ->> 'level')::public.group_level < v_group.level
		or v_times is null or v_times not between 1 and 52
		or v_series is not null and v_step is null then
		return '{"status": "invalid"}';
	end if;
	for i in 0 .. v_times - 1 loop
		v_start := ((fields ->> 'local')::timestamp + i * coalesce(v_step, interval '0')) at time zone (fields ->> 'zone');
		insert into private.meetings as m (group_id, title, zone, starts_at, ends_at, place, link, level, series_id)
		values (v_group.id, fields -> 'title', fields ->> 'zone', v_start,
			v_start + make_interval(mins => (fields ->> 'minutes')::integer),
			coalesce(private.one_line(fields ->> 'place'), ''), nullif(fields ->> 'link', ''),
			(fields ->> 'level')::public.group_level, v_series)
		returning m.code into v_code;
		v_first := coalesce(v_first, v_code);
	end loop;
	return jsonb_build_object('status', 'ok', 'code', v_first);
exception when check_violation or not_null_violation or foreign_key_violation or data_exception then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.plan_meeting(text, jsonb) to authenticated;

-- Changes a planned meeting; `fields` as in plan_meeting. With `with_later` also the later planned ones of its series: they
-- move by as much of wall time and get the same texts. Answers ok | not_found | invalid | conflict (changed since
-- `version`) | wrong_state. Locks the group.
create function public.change_meeting(code text, version integer, fields jsonb, with_later boolean default false)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(change_meeting.code, true);
	v_zone text := fields ->> 'zone';
	v_move interval;
begin
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from change_meeting.version then return 'conflict'; end if;
	if v.state <> 'planned' then return 'wrong_state'; end if;
	if (fields ->> 'level')::public.group_level < (select g.level from private.groups as g where g.id = v.group_id) then
		return 'invalid';
	end if;
	v_move := (fields ->> 'local')::timestamp - (v.starts_at at time zone v.zone);
	update private.meetings as m
	set title = fields -> 'title',
		zone = v_zone,
		starts_at = ((m.starts_at at time zone m.zone) + v_move) at time zone v_zone,
		ends_at = (((m.starts_at at time zone m.zone) + v_move) at time zone v_zone)
			+ make_interval(mins => (fields ->> 'minutes')::integer),
		place = coalesce(private.one_line(fields ->> 'place'), ''),
		link = nullif(fields ->> 'link', ''),
		level = (fields ->> 'level')::public.group_level,
		version = m.version + 1,
		updated_at = now()
	where m.id = v.id
		or with_later and m.series_id = v.series_id and m.state = 'planned' and m.starts_at > v.starts_at;
	return 'ok';
exception when check_violation or not_null_violation or foreign_key_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.change_meeting(text, integer, jsonb, boolean) to authenticated;

-- Cancels a planned meeting; with `with_later` also the later planned ones of its series. A cancelled meeting stays in the
-- list. Answers ok | not_found | wrong_state (held, or cancelled already). Locks the group.
create function public.cancel_meeting(code text, with_later boolean default false) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(cancel_meeting.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'planned' then return 'wrong_state'; end if;
	update private.meetings as m
	set state = 'cancelled', version = m.version + 1, updated_at = now()
	where m.id = v.id
		or with_later and m.series_id = v.series_id and m.state = 'planned' and m.starts_at > v.starts_at;
	return 'ok';
end
$$;
grant execute on function public.cancel_meeting(text, boolean) to authenticated;

-- The agenda of a meeting and its papers, which chairs and secretaries write.

-- Adds an item to the agenda (`item` null, at its end) or changes one. `fields`: {title, minutes, presenter: an entry
-- among the people of the group, note}. At most 60 items. Answers ok | not_found | invalid | wrong_state. Locks the group.
create function public.save_meeting_item(code text, item uuid, fields jsonb) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(save_meeting_item.code, true);
	v_presenter uuid := private.parse_uuid(fields ->> 'presenter');
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' then return 'wrong_state'; end if;
	if v_presenter is not null and not exists (select from private.live_group_people as x
		where x.id = v_presenter and x.group_id = v.group_id) then
		return 'invalid';
	end if;
	if save_meeting_item.item is null then
		if (select count(*) from private.meeting_items as i where i.meeting_id = v.id) >= 60 then return 'invalid'; end if;
		insert into private.meeting_items (meeting_id, rank, title, minutes, presenter_id, note)
		select v.id, coalesce(max(i.rank), 0) + 1, fields -> 'title', (fields ->> 'minutes')::integer, v_presenter,
			coalesce(fields -> 'note', '{}')
		from private.meeting_items as i
		where i.meeting_id = v.id;
	else
		update private.meeting_items as i
		set title = fields -> 'title',
			minutes = (fields ->> 'minutes')::integer,
			presenter_id = v_presenter,
			note = coalesce(fields -> 'note', '{}')
		where i.id = save_meeting_item.item and i.meeting_id = v.id;
		if not found then return 'not_found'; end if;
	end if;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.save_meeting_item(text, uuid, jsonb) to authenticated;

-- Moves an item up or down, or removes it with its papers. `act`: up | down | remove. At an end of the list nothing moves.
-- Answers ok | not_found | invalid | wrong_state. Locks the group.
create function public.change_meeting_agenda(code text, item uuid, act text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(change_meeting_agenda.code, true);
	v_item private.meeting_items;
	v_other private.meeting_items;
begin
	select * into v_item
	from private.meeting_items as i
	where i.id = change_meeting_agenda.item and i.meeting_id = v.id;
	if v_item.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' then return 'wrong_state'; end if;
	if act = 'remove' then
		delete from private.meeting_items as i where i.id = v_item.id;
		return 'ok';
	end if;
	if act is null or act not in ('up', 'down') then return 'invalid'; end if;
	select * into v_other
	from private.meeting_items as i
	where i.meeting_id = v.id and case act when 'up' then i.rank < v_item.rank else i.rank > v_item.rank end
	order by abs(i.rank - v_item.rank)
	limit 1;
	if v_other.id is null then return 'ok'; end if;
	update private.meeting_items as i
	set rank = case i.id when v_item.id then v_other.rank else v_item.rank end
	where i.id in (v_item.id, v_other.id);
	return 'ok';
end
$$;
grant execute on function public.change_meeting_agenda(text, uuid, text) to authenticated;

-- Whether the reader may add a file to a meeting now: {status: ok | not_found | full}. A meeting has at most 60 papers,
-- and the files of a group together at most 2 GB.
create function public.begin_meeting_paper(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', case
		when m.id is null or m.state = 'cancelled' or not private.chairs_group(private.me(), m.group_id) then 'not_found'
		when (select count(*) from private.meeting_papers as p where p.meeting_id = m.id) >= 60
			or (select coalesce(sum(o.size), 0)
				from private.meeting_papers as p
				join private.meetings as x on x.id = p.meeting_id and x.group_id = m.group_id
				join private.stored_objects as o on o.name = p.object_name) > 2000000000 then 'full'
		else 'ok' end)
	from (select) as always
	left join private.meetings as m on m.code = begin_meeting_paper.code
$$;
grant execute on function public.begin_meeting_paper(text) to authenticated;

-- Adds a paper to a meeting or (`item`) to an item of its agenda: an upload, whose `object` is known to the app alone, which
-- has checked its content and had it scanned, or an address (`link`). An upload of somebody with an alias gets a neutral
-- name, because the name of a file may contain theirs. Answers as begin_meeting_paper, and invalid. Locks the group.
create function public.add_meeting_paper(
	code text, name text, object text default null, link text default null, item uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(add_meeting_paper.code, true);
	v_begun jsonb := public.begin_meeting_paper(add_meeting_paper.code);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if add_meeting_paper.item is not null and not exists (select from private.meeting_items as i
		where i.id = add_meeting_paper.item and i.meeting_id = v.id) then
		return '{"status": "not_found"}';
	end if;
	if object is not null and not private.mark_object_used(object) then return '{"status": "invalid"}'; end if;
	insert into private.meeting_papers (meeting_id, item_id, shown_name, object_name, link, added_by)
	values (v.id, add_meeting_paper.item,
		case when object is not null and private.has_alias(private.me())
			then 'paper' || coalesce(substring(add_meeting_paper.name from '\.[A-Za-z0-9]{1,5}$'), '')
			else add_meeting_paper.name end,
		object, add_meeting_paper.link, private.me());
	return '{"status": "ok"}';
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.add_meeting_paper(text, text, text, text, uuid) to authenticated;

-- Removes a paper. Answers ok | not_found. Locks the group.
create function public.remove_meeting_paper(code text, paper uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(remove_meeting_paper.code, true);
begin
	delete from private.meeting_papers as p where p.id = remove_meeting_paper.paper and p.meeting_id = v.id;
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.remove_meeting_paper(text, uuid) to authenticated;

-- The file of a paper is deleted with it.
create function private.mark_paper_object_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(old.object_name);
	return null;
end
$$;
create trigger mark_paper_object after delete on private.meeting_papers for each row
	when (old.object_name is not null) execute function private.mark_paper_object_deletable();

-- A file of a meeting that the reader sees: {name, media_type, size, sha256}; null for others, and when it is gone.
create function public.open_meeting_paper(code text, paper uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('name', p.shown_name, 'media_type', o.media_type, 'size', o.size,
		'sha256', encode(o.sha256, 'hex'))
	from private.meetings as m
	join private.meeting_papers as p on p.meeting_id = m.id
	join private.stored_objects as o on o.name = p.object_name and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where m.code = open_meeting_paper.code
		and p.id = open_meeting_paper.paper
		and private.is_in_group(private.me(), m.group_id)
$$;
grant execute on function public.open_meeting_paper(text, uuid) to authenticated;

-- The object of a paper, for the app alone, which has checked who reads it.
create function private.object_of_meeting_paper(p_paper uuid) returns text
language sql stable security definer set search_path = '' as $$
	select p.object_name from private.meeting_papers as p where p.id = p_paper
$$;
grant execute on function private.object_of_meeting_paper(uuid) to app_server;

-- Who comes to a meeting, and who was there.

-- The reader's own answer to a planned meeting that is not over: yes, no, or an alternate of the group in their place.
-- Answers ok | not_found | invalid | wrong_state. Locks the group.
create function public.answer_meeting(code text, answer public.meeting_answer, alternate uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(answer_meeting.code, false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'planned' or v.ends_at <= now() then return 'wrong_state'; end if;
	if answer_meeting.answer is null or (answer_meeting.answer = 'alternate') <> exists (
		select from private.live_group_people as x
		where x.id = answer_meeting.alternate
			and x.group_id = v.group_id
			and x.part = 'alternate'
			and x.person_id <> (select private.me())) then
		return 'invalid';
	end if;
	insert into private.meeting_people (meeting_id, person_id, answer, alternate_id, answered_at)
	values (v.id, private.me(), answer_meeting.answer, answer_meeting.alternate, now())
	on conflict (meeting_id, person_id) do update
		set answer = excluded.answer, alternate_id = excluded.alternate_id, answered_at = excluded.answered_at;
	return 'ok';
end
$$;
grant execute on function public.answer_meeting(text, public.meeting_answer, uuid) to authenticated;

-- Records who was there, of the people of the group today (`present`: their entries), for chairs and secretaries, once the
-- meeting has begun. It is held then. Who has left the group since keeps what was recorded. Answers ok | not_found |
-- wrong_state. Locks the group.
create function public.record_attendance(code text, present uuid[]) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(record_attendance.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or v.starts_at > now() then return 'wrong_state'; end if;
	insert into private.meeting_people (meeting_id, person_id, attended)
	select v.id, x.person_id, x.id = any (coalesce(present, '{}'))
	from private.live_group_people as x
	where x.group_id = v.group_id
	on conflict (meeting_id, person_id) do update set attended = excluded.attended;
	update private.meetings as m set state = 'held', updated_at = now() where m.id = v.id and m.state = 'planned';
	return 'ok';
end
$$;
grant execute on function public.record_attendance(text, uuid[]) to authenticated;

-- The minutes of a meeting: chairs and secretaries write a draft, open it to the people of the group for comments until a
-- day, and approve it when that day is over. What they decide goes into the register of the group.

-- An approved version is never changed, except that a late alias replaces a name in it.
create function private.refuse_changed_minutes() returns trigger
language plpgsql set search_path = '' as $$
begin
	if coalesce(current_setting('app.renaming', true), '') <> 'yes' then
		raise exception 'Approved minutes are changed by a correction only.' using errcode = 'restrict_violation';
	end if;
	return new;
end
$$;
create trigger refuse_changed_minutes before update of body, reason, state, number, approved_at
	on private.meeting_minutes for each row
	when (old.state = 'approved') execute function private.refuse_changed_minutes();

-- When comments on a version end: with the last day, in the zone of the meeting.
create function private.comments_end(p_until date, p_zone text) returns timestamptz
language sql stable set search_path = '' as $$
	select (p_until + 1)::timestamp at time zone p_zone
$$;

-- The version of the minutes that is not approved yet.
create function private.open_minutes(p_meeting uuid) returns private.meeting_minutes
language sql stable security definer set search_path = '' as $$
	select n.* from private.meeting_minutes as n where n.meeting_id = p_meeting and n.state <> 'approved'
$$;

-- Writes the minutes of a meeting that has begun: begins them (`version` 0), or changes the open version. Answers ok |
-- not_found | invalid | conflict (changed since `version`) | wrong_state (approved: begin a correction). Locks the group.
create function public.save_minutes(code text, version integer, body jsonb) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(save_minutes.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or v.starts_at > now() then return 'wrong_state'; end if;
	if v_open.number is null then
		if exists (select from private.meeting_minutes as n where n.meeting_id = v.id) then return 'wrong_state'; end if;
		if save_minutes.version is distinct from 0 then return 'conflict'; end if;
		insert into private.meeting_minutes (meeting_id, number, body) values (v.id, 1, save_minutes.body);
		update private.meetings as m set state = 'held', updated_at = now() where m.id = v.id and m.state = 'planned';
		return 'ok';
	end if;
	if v_open.version is distinct from save_minutes.version then return 'conflict'; end if;
	update private.meeting_minutes as n
	set body = save_minutes.body, version = n.version + 1, updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_minutes(text, integer, jsonb) to authenticated;

-- Opens a draft to the people of the group for comments until a day within a year, or changes that day. Answers ok |
-- not_found | invalid | wrong_state. Locks the group.
create function public.open_minutes_for_comments(code text, until date) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(open_minutes_for_comments.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_today date := (now() at time zone v.zone)::date;
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.number is null then return 'wrong_state'; end if;
	if until is null or until not between v_today and v_today + 365 then return 'invalid'; end if;
	update private.meeting_minutes as n
	set state = 'comments', comments_until = open_minutes_for_comments.until, updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	return 'ok';
end
$$;
grant execute on function public.open_minutes_for_comments(text, date) to authenticated;

-- A comment of somebody of the group, while the minutes are open for comments; at most 20 of one person on a version. Answers
-- ok | not_found | invalid | wrong_state. Locks the group.
create function public.comment_on_minutes(code text, words text) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(comment_on_minutes.code, false);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_words text := private.normalise_free_text(words);
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.state is distinct from 'comments' or private.comments_end(v_open.comments_until, v.zone) <= now() then
		return 'wrong_state';
	end if;
	if length(v_words) not between 1 and 4000 or (
		select count(*) from private.meeting_comments as c
		where c.meeting_id = v.id and c.number = v_open.number and c.person_id = (select private.me())) >= 20 then
		return 'invalid';
	end if;
	insert into private.meeting_comments (meeting_id, number, person_id, body)
	values (v.id, v_open.number, private.me(), v_words);
	return 'ok';
end
$$;
grant execute on function public.comment_on_minutes(text, text) to authenticated;

-- Approves the version that was open for comments, as it was read. What it decided is then read at the level of the
-- meeting. Answers ok | not_found | conflict | wrong_state | too_early. Locks the group.
create function public.approve_minutes(code text, version integer) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(approve_minutes.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.state is distinct from 'comments' then return 'wrong_state'; end if;
	if v_open.version is distinct from approve_minutes.version then return 'conflict'; end if;
	if private.comments_end(v_open.comments_until, v.zone) > now() then return 'too_early'; end if;
	update private.meeting_minutes as n
	set state = 'approved', approved_at = now(), approved_by = private.me(), updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	update private.group_decisions as d set level = private.meeting_level(v) where d.meeting_id = v.id;
	update private.group_actions as a set level = private.meeting_level(v) where a.meeting_id = v.id;
	return 'ok';
end
$$;
grant execute on function public.approve_minutes(text, integer) to authenticated;

-- Begins a correction of approved minutes: the next version, a draft with the same text. Answers ok | not_found | invalid |
-- wrong_state (not approved, or a correction is open). Locks the group.
create function public.correct_minutes(code text, reason text) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(correct_minutes.code, true);
	v_reason text := private.one_line(correct_minutes.reason);
begin
	if v.id is null then return 'not_found'; end if;
	if (private.open_minutes(v.id)).number is not null then return 'wrong_state'; end if;
	if coalesce(length(v_reason), 0) not between 1 and 500 then return 'invalid'; end if;
	insert into private.meeting_minutes (meeting_id, number, body, reason)
	select v.id, n.number + 1, n.body, v_reason
	from private.meeting_minutes as n
	where n.meeting_id = v.id
	order by n.number desc
	limit 1;
	return case when found then 'ok' else 'wrong_state' end;
end
$$;
grant execute on function public.correct_minutes(text, text) to authenticated;

-- Tells those who see the group and are not of it that the minutes of this meeting were approved, or no longer. They learn
-- the day of the meeting and of the approval; never title, text, papers or names, which are for the people of the group
-- alone. Until somebody publishes it, they learn nothing. Answers ok | not_found | wrong_state (not approved, or the
-- meeting is closed). Locks the group.
create function public.publish_minutes(code text, is_public boolean) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(publish_minutes.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if is_public and (private.meeting_level(v) = 'closed' or not exists (select from private.meeting_minutes as n
		where n.meeting_id = v.id and n.state = 'approved')) then
		return 'wrong_state';
	end if;
	update private.meetings as m
	set published_at = case when is_public then coalesce(m.published_at, now()) end, updated_at = now()
	where m.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.publish_minutes(text, boolean) to authenticated;

-- Writes into the register what a meeting decided, while its minutes are open. Until they are approved only people of the
-- group read it (level closed). Answers ok | not_found | invalid | wrong_state. Locks the group.
create function public.record_meeting_decision(code text, wording jsonb) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(record_meeting_decision.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if (private.open_minutes(v.id)).number is null then return 'wrong_state'; end if;
	insert into private.group_decisions (group_id, wording, decided_on, level, meeting_id)
	values (v.group_id, record_meeting_decision.wording, (v.starts_at at time zone v.zone)::date, 'closed', v.id);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.record_meeting_decision(text, jsonb) to authenticated;

-- The same for an action; `owner`: an entry among the people of the group, or null.
create function public.add_meeting_action(code text, task jsonb, owner uuid default null, due_on date default null)
	returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(add_meeting_action.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if (private.open_minutes(v.id)).number is null then return 'wrong_state'; end if;
	if owner is not null and not exists (select from private.live_group_people as x
		where x.id = owner and x.group_id = v.group_id) then
		return 'invalid';
	end if;
	insert into private.group_actions (group_id, task, owner_id, due_on, level, meeting_id)
	values (v.group_id, add_meeting_action.task, owner, add_meeting_action.due_on, 'closed', v.id);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.add_meeting_action(text, jsonb, uuid, date) to authenticated;

-- Reading meetings.

-- The meetings of a group, for its people, the newest first; null for others: [{code, title, start, end, zone, place, state,
-- answer: the reader's own, minutes: the state of the newest version that they see, is_in_series}].
create function public.list_group_meetings(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object(
			'code', m.code,
			'title', m.title,
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'zone', m.zone,
			'place', m.place,
			'state', m.state,
			'answer', p.answer,
			'minutes', (private.shown_minutes(m)).state,
			'is_in_series', m.series_id is not null) order by m.starts_at desc, m.id), '[]')
		from private.meetings as m
		left join private.meeting_people as p on p.meeting_id = m.id and p.person_id = (select private.me())
		where m.group_id = g.id)
	from private.groups as g
	where g.code = list_group_meetings.code and private.is_in_group(private.me(), g.id)
$$;
grant execute on function public.list_group_meetings(text) to authenticated;

-- The published minutes of a group, as those read it who see the group: the day of each meeting and of the approval, and
-- nothing else of it: [{held_on, approved_on}], the newest first.
create function public.list_approved_minutes(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'held_on', (m.starts_at at time zone m.zone)::date,
			'approved_on', (n.approved_at at time zone m.zone)::date) order by m.starts_at desc), '[]')
	from private.groups as g
	join private.meetings as m on m.group_id = g.id and m.published_at is not null
	cross join lateral (
		select min(n.approved_at) as approved_at
		from private.meeting_minutes as n
		where n.meeting_id = m.id and n.state = 'approved'
	) as n
	where g.code = list_approved_minutes.code
		and g.id in (select private.visible_groups(private.me()))
		and n.approved_at is not null
		and case private.meeting_level(m)
			when 'public' then true
			when 'members' then private.sees_members_groups(private.me())
			else false end
$$;
grant execute on function public.list_approved_minutes(text) to anon, authenticated;

-- The newest version of the minutes that the reader, who is of the group, sees: a draft only who leads the group.
create function private.shown_minutes(p private.meetings) returns private.meeting_minutes
language sql stable security definer set search_path = '' as $$
	select n.*
	from private.meeting_minutes as n
	where n.meeting_id = p.id and (n.state <> 'draft' or private.chairs_group(private.me(), p.group_id))
	order by n.number desc
	limit 1
$$;

-- A version of the minutes: {number, state, body, reason, comments_until, takes_comments, is_over: the time for comments,
-- approved_at, version, comments: [{name, body, written_at, is_me}]}; null for none.
create function private.minutes_json(p private.meeting_minutes, p_zone text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'number', p.number,
		'state', p.state,
		'body', p.body,
		'reason', p.reason,
		'comments_until', p.comments_until,
		'takes_comments', p.state = 'comments' and private.comments_end(p.comments_until, p_zone) > now(),
		'approved_at', private.iso(p.approved_at),
		'version', p.version,
		'comments', (select coalesce(jsonb_agg(jsonb_build_object(
				'name', q.display_name,
				'body', c.body,
				'written_at', private.iso(c.written_at),
				'is_me', coalesce(c.person_id = private.me(), false)) order by c.written_at, c.id), '[]')
			from private.meeting_comments as c
			join public.people as q on q.id = c.person_id
			where c.meeting_id = p.meeting_id and c.number = p.number))
	where p.number is not null
$$;

-- The people of a meeting: those of the group today, and those who were there and have left it since: [{id: entry | null,
-- display_name, part, is_me, answer, alternate: name, attended}].
create function private.meeting_people_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', x.id,
			'display_name', q.display_name,
			'part', x.part,
			'is_me', coalesce(q.id = private.me(), false),
			'answer', r.answer,
			'alternate', a.display_name,
			'attended', r.attended) order by x.part nulls last, lower(q.display_name), q.code), '[]')
	from (
		select l.person_id from private.live_group_people as l where l.group_id = p.group_id
		union
		select w.person_id from private.meeting_people as w where w.meeting_id = p.id and w.attended
	) as named
	join public.people as q on q.id = named.person_id
	left join private.live_group_people as x on x.group_id = p.group_id and x.person_id = named.person_id
	left join private.meeting_people as r on r.meeting_id = p.id and r.person_id = named.person_id
	left join private.live_group_people as y on y.id = r.alternate_id
	left join public.people as a on a.id = y.person_id
$$;

-- A meeting as people of its group see it; null for others. {code, group: {code, name, level}, leads, title, start, end,
-- zone, place, link, level, state, version, has_begun, is_over, is_published, later: how many planned ones of its series
-- follow, items: [{id, title, minutes, presenter: {id, name} | null, note}], papers: [{id, item, name, link, media_type,
-- size}], people (private.meeting_people_json), minutes: the newest version that the reader sees, approved: the newest
-- approved one where that is another, decisions: [{id, wording, is_withdrawn}], actions}.
create function public.read_meeting(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', m.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name, 'level', g.level, 'is_ended', g.ended_at is not null),
		'leads', private.chairs_group(private.me(), g.id),
		'title', m.title,
		'start', private.iso(m.starts_at),
		'end', private.iso(m.ends_at),
		'zone', m.zone,
		'place', m.place,
		'link', m.link,
		'level', private.meeting_level(m),
		'state', m.state,
		'version', m.version,
		'has_begun', m.starts_at <= now(),
		'is_over', m.ends_at <= now(),
		'is_published', m.published_at is not null,
		'later', (select count(*)
			from private.meetings as x
			where x.series_id = m.series_id and x.state = 'planned' and x.starts_at > m.starts_at),
		'items', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', i.id,
				'title', i.title,
				'minutes', i.minutes,
				'presenter', case when x.id is not null then jsonb_build_object('id', x.id, 'name', q.display_name) end,
				'note', i.note) order by i.rank, i.id), '[]')
			from private.meeting_items as i
			left join private.live_group_people as x on x.id = i.presenter_id
			left join public.people as q on q.id = x.person_id
			where i.meeting_id = m.id),
		'papers', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id,
				'item', p.item_id,
				'name', p.shown_name,
				'link', p.link,
				'media_type', o.media_type,
				'size', o.size) order by p.added_at, p.id), '[]')
			from private.meeting_papers as p
			left join private.stored_objects as o on o.name = p.object_name
			where p.meeting_id = m.id),
		'people', private.meeting_people_json(m),
		'minutes', private.minutes_json(private.shown_minutes(m), m.zone),
		'approved', (select private.minutes_json(n, m.zone)
			from private.meeting_minutes as n
			where n.meeting_id = m.id and n.state = 'approved' and n.number <> (private.shown_minutes(m)).number
			order by n.number desc
			limit 1),
		'decisions', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'wording', d.wording,
				'is_withdrawn', d.withdrawn_at is not null) order by d.created_at, d.id), '[]')
			from private.group_decisions as d
			where d.meeting_id = m.id),
		'actions', (select coalesce(jsonb_agg(private.group_action_json(a, private.leads_group(private.me(), g.id))
				order by a.created_at, a.id), '[]')
			from private.group_actions as a
			where a.meeting_id = m.id))
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = read_meeting.code and private.is_in_group(private.me(), g.id)
$$;
grant execute on function public.read_meeting(text) to authenticated;

-- The register as the reader sees it: {decisions: [{id, wording, decided_on, is_withdrawn, meeting: the code of the meeting
-- that decided it, for people of the group}], actions}, the newest decision and the open actions first. Null when the
-- reader sees no register of this group.
create or replace function public.read_group_register(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'decisions', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', d.id,
				'wording', d.wording,
				'decided_on', d.decided_on,
				'is_withdrawn', d.withdrawn_at is not null,
				'meeting', case when private.is_in_group(private.me(), g.id) then (
					select m.code from private.meetings as m where m.id = d.meeting_id) end) order by d.decided_on desc, d.created_at desc, d.id), '[]')
			from private.group_decisions as d
			where d.group_id = g.id and private.sees_group_record(g.id, d.level)),
		'actions', (select coalesce(jsonb_agg(private.group_action_json(a, private.leads_group(private.me(), g.id))
				order by a.done_at is not null, a.due_on nulls last, a.created_at, a.id), '[]')
			from private.group_actions as a
			where a.group_id = g.id and private.sees_group_record(g.id, a.level)))
	from private.groups as g
	where g.code = read_group_register.code and private.sees_group_record(g.id, g.level)
$$;

-- The versions to scan now. With a scanner everything is scanned, also what was uploaded while there was none; without
-- one everything that waits becomes `unscanned`. Answers to questions are sealed, and files of the library and papers of
-- meetings are scanned as they arrive: all were scanned before they were stored, or never.
create or replace function private.scans_due(p_has_scanner boolean, p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not p_has_scanner then
		update private.stored_objects as o set scan = 'unscanned', changed_at = p_now
			where o.state = 'kept' and o.scan in ('waiting', 'failed');
		return;
	end if;
	update private.stored_objects as o set scan = 'waiting', scan_due_at = p_now, changed_at = p_now
		where o.state = 'kept'
			and o.scan = 'unscanned'
			and not exists (select from private.logistics_answers as a where a.object_name = o.name)
			and not exists (select from private.library_files as f where f.object_name = o.name)
			and not exists (select from private.meeting_papers as p where p.object_name = o.name);
	return query
		select v.id
		from private.file_versions as v
		join private.stored_objects as o on o.name = v.object_name
		where o.state = 'kept' and o.scan in ('waiting', 'failed') and o.scan_due_at <= p_now
		order by o.scan_due_at
		limit 100;
end
$$;

insert into private.free_text_columns (table_name, column_name)
values
	('private.meetings', 'title'),
	('private.meetings', 'place'),
	('private.meeting_items', 'title'),
	('private.meeting_items', 'note'),
	('private.meeting_papers', 'shown_name'),
	('private.meeting_minutes', 'body'),
	('private.meeting_minutes', 'reason'),
	('private.meeting_comments', 'body');

insert into private.retention_rules (table_name, exemption)
values
	('private.meetings', 'decisions'),
	('private.meeting_items', 'decisions'),
	('private.meeting_papers', 'decisions'),
	('private.meeting_minutes', 'decisions');

insert into private.retention_rules (table_name, class)
values
	('private.meeting_people', 'contact'),
	('private.meeting_comments', 'contact');

insert into private.copied_tables (name, section, owner, owner_column, columns)
values
	('private.meeting_people', 'roles', 'person', 'person_id', '{answered_at,answer,attended}'),
	('private.meeting_comments', 'roles', 'person', 'person_id', '{written_at,body}');

insert into private.not_copied_tables (name, reason)
values
	('private.meeting_papers', 'others'),
	('private.meeting_minutes', 'others');

reset check_function_bodies;
