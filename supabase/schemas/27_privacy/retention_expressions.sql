-- What the rules of retention ask of a row.

-- The Summit and the people of rows that name neither: expressions of the rules (retention_rules.sql). They are expanded into the
-- query, so they run with the rights of the sweep.

create function private.summit_of_registration(p_registration uuid) returns uuid
language sql stable as $$ select r.summit_id from public.registrations as r where r.id = p_registration $$;

create function private.person_of_registration(p_registration uuid) returns uuid[]
language sql stable as $$ select array[r.person_id] from public.registrations as r where r.id = p_registration $$;

create function private.summit_of_badge(p_badge uuid) returns uuid
language sql stable as $$ select b.summit_id from public.badges as b where b.id = p_badge $$;

create function private.person_of_badge(p_badge uuid) returns uuid[]
language sql stable as $$
	select array[r.person_id]
	from public.badges as b
	join public.registrations as r on r.id = b.registration_id
	where b.id = p_badge
$$;

create function private.summit_of_session(p_session uuid) returns uuid
language sql stable as $$ select s.summit_id from public.sessions as s where s.id = p_session $$;

create function private.summit_of_run(p_run uuid) returns uuid
language sql stable as $$ select r.summit_id from public.runs as r where r.id = p_run $$;

create function private.summit_of_collection(p_collection uuid) returns uuid
language sql stable as $$
	select s.summit_id
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	where c.id = p_collection
$$;

-- When a survey ended for what its answers are collected on.
create function private.collection_closed_at(p_collection uuid) returns timestamptz
language sql stable as $$ select c.closes_at from private.survey_collections as c where c.id = p_collection $$;

create function private.summit_of_booth(p_booth uuid) returns uuid
language sql stable as $$
	select r.summit_id from private.booths as b join public.runs as r on r.id = b.run_id where b.id = p_booth
$$;

create function private.summit_of_announcement(p_announcement uuid) returns uuid
language sql stable as $$ select a.summit_id from private.announcements as a where a.id = p_announcement $$;

create function private.summit_of_proposal(p_proposal uuid) returns uuid
language sql stable as $$ select p.summit_id from private.proposals as p where p.id = p_proposal $$;

create function private.owner_of_proposal(p_proposal uuid) returns uuid[]
language sql stable as $$ select array[p.owner_id] from private.proposals as p where p.id = p_proposal $$;

create function private.people_of_recording(p_recording uuid) returns uuid[]
language sql stable as $$
	select array(
		select p.person_id from private.recording_people as p where p.recording_id = p_recording
		union
		select v.person_id from private.recording_voices as v where v.recording_id = p_recording)
$$;

create function private.people_of_captions(p_run uuid) returns uuid[]
language sql stable as $$ select array(select p.person_id from private.caption_people as p where p.run_id = p_run) $$;

create function private.people_of_session_file(p_file uuid) returns uuid[]
language sql stable as $$
	select array(select distinct v.uploaded_by
		from private.file_versions as v
		where v.file_id = p_file and v.uploaded_by is not null)
$$;

create function private.people_of_concern(p_concern private.concerns) returns uuid[]
language sql stable as $$
	select array[(p_concern).reporter_id]
		|| array(select s.person_id from private.concern_subjects as s where s.concern_id = (p_concern).id)
$$;

create function private.people_of_case(p_case uuid) returns uuid[]
language sql stable as $$
	select array(select person
		from private.case_concerns as j
		join private.concerns as c on c.id = j.concern_id
		cross join lateral unnest(private.people_of_concern(c)) as person
		where j.case_id = p_case)
$$;

-- Since when a Summit is closed; null while it is not.
create function private.closed_since(p_summit uuid) returns timestamptz
language sql stable as $$ select k.started_at from private.retention_clocks as k where k.summit_id = p_summit $$;

-- The conditions of single rules.

-- A concern stays as long as the case that it is in.
create function private.is_in_case(p_concern uuid) returns boolean
language sql stable as $$ select exists (select from private.case_concerns as j where j.concern_id = p_concern) $$;

-- Whether a registration was emptied since its Summit was closed.
create function private.is_emptied(p_registration uuid, p_summit uuid) returns boolean
language sql stable as $$
	select exists (
		select from private.emptied_registrations as e
		where e.registration_id = p_registration and e.emptied_at >= private.closed_since(p_summit))
$$;

create function private.became_session(p_proposal uuid) returns boolean
language sql stable as $$
	select exists (
		select from private.proposal_decisions as d where d.proposal_id = p_proposal and d.session_id is not null)
$$;

create function private.has_recordings(p_summit uuid) returns boolean
language sql stable as $$ select exists (select from private.recordings as g where g.summit_id = p_summit) $$;

-- An invitation to a role for all Summits, which no closing reaches.
create function private.is_role_invitation_due(p_invitation private.role_invitations, p_now timestamptz) returns boolean
language sql stable as $$
	select (p_invitation).summit_id is null
		and (p_invitation).state <> 'open'
		and coalesce((p_invitation).answered_at, (p_invitation).invited_at) <= p_now - interval '90 days'
$$;

-- The term that the logistics form names beside the question.
create function private.is_answer_due(p_field uuid, p_now timestamptz) returns boolean
language sql stable as $$
	select private.answers_erased_at(f) <= p_now from public.logistics_fields as f where f.id = p_field
$$;

-- The term that the page of speakers' needs names.
create function private.are_needs_due(p_summit uuid, p_now timestamptz) returns boolean
language sql stable as $$
	select (private.needs_erasure_date(s.id) + 1)::timestamp at time zone s.zone <= p_now
	from public.summits as s
	where s.id = p_summit
$$;

-- A message of the booth of a meeting, which belongs to no Summit, goes as other messages of its room do, should the room
-- not have been closed.
create function private.is_meeting_line_due(p_line private.booth_messages, p_now timestamptz) returns boolean
language sql stable as $$
	select p_line.room_id is not null
		and p_line.said_at <= p_now - make_interval(days => private.retention_days('unfinished', null, p_now))
$$;
