-- Who read sensitive values of a person, as the audit recorded it before they were shown.

create domain private.reading_kind as text
	check (value in ('protection', 'needs', 'emergency_contact', 'history', 'answers', 'host_list', 'name'));

-- The events of the audit by which somebody read such values of one person, and the roles in which that is possible.
create table private.reading_events (
	name text primary key,
	kind private.reading_kind not null,
	roles public.organiser_role[] not null
);
alter table private.reading_events enable row level security;
insert into private.reading_events (name, kind, roles)
values
	('protected.read', 'protection', '{safeguarding}'),
	('access_needs.read', 'needs', '{registration}'),
	('needs.read', 'needs', '{registration,programme,stage,safeguarding}'),
	('need.read', 'needs', '{registration,programme,finance,stage,door,safeguarding}'),
	('name.revealed', 'name', '{safeguarding,registration}'),
	('emergency_contact.read', 'emergency_contact', '{registration,safeguarding}'),
	('audit.opened', 'history', '{registration,finance,safeguarding}');

-- The readings of values of one person: single ones by the event, lists of answers and for the host state by what the
-- person had answered by then. A page of a list names the registrations that it showed.
create function private.readings_of(p_person uuid)
	returns table (at timestamptz, actor uuid, summit_id uuid, kind private.reading_kind, roles public.organiser_role[])
language sql stable security definer set search_path = '' as $$
	select e.at, e.actor_person, e.summit_id, k.kind, k.roles
	from audit.entries as e
	join private.reading_events as k on k.name = e.table_name
	where e.person_id = p_person
		or e.person_id in (select f.former_id from private.former_ids as f where f.person_id = p_person)
	union all
	select e.at, e.actor_person, e.summit_id, 'answers', enum_range(null::public.organiser_role)
	from public.registrations as r
	join private.logistics_answers as a on a.registration_id = r.id
	join audit.entries as e on e.table_name = 'details.read' and e.row_id = a.field_id::text and e.at >= a.answered_at
		and (e.new_values -> 'registrations' is null or e.new_values -> 'registrations' ? r.id::text)
	where r.person_id = p_person
	union all
	select l.taken_at, l.taken_by, l.summit_id, 'host_list', '{registration}'
	from public.registrations as r
	join private.host_lists as l on l.summit_id = r.summit_id and l.state = 'taken'
	where r.person_id = p_person
		and exists (select from private.logistics_answers as a
			where a.registration_id = r.id and a.field_id = any (l.fields) and a.answered_at <= l.taken_at)
$$;

-- The latest readings by others of sensitive values of the reader: [{at, kind, roles, summit}], the newest first. They
-- name the roles that the other person held at that moment, never the person.
create function public.my_readings() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'at', private.iso(f.at),
			'kind', f.kind,
			'roles', (
				select coalesce(jsonb_agg(distinct g.role), '[]')
				from public.role_grants as g
				where g.person_id = coalesce(
						(select x.person_id from private.former_ids as x where x.former_id = f.actor), f.actor)
					and g.role = any (f.roles)
					and (g.summit_id is null or g.summit_id = f.summit_id)
					and g.granted_at <= f.at
					and (g.ended_at is null or g.ended_at > f.at)
					and (g.until is null or g.until > f.at)),
			'summit', (select s.name from public.summits as s where s.id = f.summit_id))
		order by f.at desc), '[]')
	from (
		select * from private.readings_of((select private.me())) as found
		where found.actor is distinct from (select private.me())
		order by found.at desc
		limit 200) as f
$$;
grant execute on function public.my_readings() to authenticated;
