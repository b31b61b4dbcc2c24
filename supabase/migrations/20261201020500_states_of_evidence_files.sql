-- A file of a report that the virus scanner refused is said to those who may do something about it.
set check_function_bodies = off;

-- What became of a file: kept | checking (by the virus scanner) | refused (by it, or lost by the store) | removed.
create function private.commitment_file_state(f private.commitment_files) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when f.removed_at is not null then 'removed'
		when o.state = 'kept' and o.scan in ('clean', 'unscanned') then 'kept'
		when o.state = 'kept' and o.scan in ('waiting', 'failed') then 'checking'
		else 'refused'
	end
	from (select) as always
	left join private.stored_objects as o on o.name = f.object_name
$$;

-- Whether a report may still get files: {status: ok | not_found | full}. It has at most ten, and those of a commitment
-- together at most 500 MB.
create or replace function public.begin_commitment_file(report uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', case
		when r.id is null
			or c.state = 'withdrawn'
			or exists (select from private.commitment_verifications as v where v.report_id = r.id) then 'not_found'
		when (
			select count(*)
			from private.commitment_files as f
			where f.report_id = r.id and private.commitment_file_state(f) in ('kept', 'checking')) >= 10
			or (
				select coalesce(sum(o.size), 0)
				from private.commitment_files as f
				join private.commitment_reports as x on x.id = f.report_id and x.commitment_id = r.commitment_id
				join private.stored_objects as o on o.name = f.object_name) > 500000000 then 'full'
		else 'ok' end)
	from (select) as always
	left join private.commitment_reports as r
		on r.id = begin_commitment_file.report and r.member_id in (select private.my_current_members())
	left join private.commitments as c on c.id = r.commitment_id
$$;

-- One report as readers get it. Who verified it is for those who run the community; files that are not opened to anybody
-- are for them and for those who act for its member.
create or replace function private.commitment_report_json(r private.commitment_reports) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', r.id,
		'member', (select m.name from public.members as m where m.id = r.member_id),
		'progress', r.progress,
		'value', r.value,
		'body', r.body,
		'links', r.links,
		'files', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', f.id,
				'name', f.shown_name,
				'media_type', o.media_type,
				'size', o.size,
				'state', s.state,
				'removed_at', private.iso(f.removed_at)) order by f.added_at, f.id), '[]')
			from private.commitment_files as f
			left join private.stored_objects as o on o.name = f.object_name
			cross join lateral (select private.commitment_file_state(f)) as s (state)
			where f.report_id = r.id
				and (s.state in ('kept', 'removed')
					or private.runs_community() or r.member_id in (select private.my_current_members()))),
		'adds_files', public.begin_commitment_file(r.id) ->> 'status' <> 'not_found',
		'written_at', private.iso(r.written_at),
		'verified_at', (
			select private.iso(f.verified_at) from private.commitment_verifications as f where f.report_id = r.id),
		'verified_by', (
			select p.display_name
			from private.commitment_verifications as f
			join public.people as p on p.id = f.verified_by
			where f.report_id = r.id and private.runs_community()))
$$;
