-- Lines of a transcript: where somebody no longer agrees editors read none either, and a held recording keeps them.
create function private.allows_transcript(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.level_in_force(p_session) in ('public', 'members')
		and not exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.state <> 'declined'
				and sp.role not in ('interpreter', 'captioner') and not (sp.consent_record and sp.consent_publish))
$$;

create or replace function private.may_read_transcript(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.allows_transcript(p_session)
		and private.entry_decision(p_person, p_session, 'stream') = 'ok'
$$;

create or replace function public.read_transcript_lines(session uuid, language text default null, query text default '',
	page integer default 1) returns jsonb
language sql stable security definer set search_path = '' as $$
	with kept as materialized (
		select c.id, c.language, c.number, c.starts, c.words, runs.started_at + c.starts * interval '1 millisecond' as at
		from public.runs
		join private.caption_lines as c on c.run_id = runs.id
		where runs.session_id = read_transcript_lines.session
			and runs.state = 'ended'
			and runs.level in ('public', 'members')
			and c.is_kept
			and private.allows_transcript(runs.session_id)
			and private.all_agree_to_transcript(runs.id)
			and not int4range(c.starts, c.ends, '[]') && (select private.cut_off_of_run(runs.id))
	), fitting as materialized (
		select k.*
		from kept as k
		where (read_transcript_lines.language is null or k.language = read_transcript_lines.language)
			and private.fold_for_search(k.words) like '%' || replace(replace(replace(
				private.fold_for_search(btrim(left(query, 100))), '\', '\\'), '%', '\%'), '_', '\_') || '%'
	), shown as (
		select f.*
		from fitting as f
		order by f.at, f.language, f.number
		limit 100 offset 100 * (greatest(1, least(coalesce(page, 1), 1000)) - 1)
	)
	select jsonb_build_object(
		'languages', (select coalesce(jsonb_agg(distinct k.language order by k.language), '[]') from kept as k),
		'total', (select count(*) from fitting),
		'lines', (
			select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'language', s.language, 'at', private.iso(s.at),
				'starts', s.starts, 'words', s.words) order by s.at, s.language, s.number), '[]')
			from shown as s))
	where private.may_edit_session(session)
$$;

create or replace function public.remove_transcript_line(line uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line private.caption_lines;
	v_run public.runs;
begin
	select c.* into v_line from private.caption_lines as c where c.id = line and c.is_kept for update;
	select runs.* into v_run from public.runs where runs.id = v_line.run_id and runs.state = 'ended';
	if v_run.id is null or not coalesce(private.may_edit_session(v_run.session_id), false) then return 'not_found'; end if;
	if private.is_class_held('recordings', v_run.summit_id, now())
		or private.people_of_captions(v_run.id) && private.held_people(now())
		or exists (select from private.recordings as g
			where g.run_id = v_run.id and private.is_recording_held(g.id)) then
		update private.caption_lines as c set is_kept = false where c.id = line;
	else
		delete from private.caption_lines as c where c.id = line;
	end if;
	perform audit.record_event('transcript.line_removed', line::text, v_run.summit_id, null,
		jsonb_build_object('run_id', v_run.id, 'language', v_line.language, 'number', v_line.number));
	perform private.publish_event('organise:' || v_run.summit_id, 'recording', v_run.id);
	return 'ok';
end
$$;
