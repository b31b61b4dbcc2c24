-- Progress: members report, the secretariat verifies, peers comment. All of it is only added to.

-- Whether these are links as evidence has them: [{url, title}], each address once.
create function private.are_evidence_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select jsonb_typeof(p_links) = 'array' and not exists (
		select from jsonb_array_elements(p_links) as each
		where jsonb_typeof(each) <> 'object'
			or coalesce(each ->> 'url', '') !~ '^https?://[^\s]{3,}$'
			or length(each ->> 'url') > 300
			or length(coalesce(each ->> 'title', '')) not between 1 and 200
			or exists (select from jsonb_object_keys(each) as key where key not in ('url', 'title')))
		and (select count(distinct each ->> 'url') = count(*) from jsonb_array_elements(p_links) as each)
$$;

-- Reports for one of the members of an announced commitment. The report is for members alone if the shown version or the
-- newest is. Answers ok | not_found | not_announced (or withdrawn) | invalid | limited (ten in a day). Locks the
-- commitment.
create function public.report_commitment(
	commitment uuid, member uuid, progress public.commitment_progress, value numeric, body jsonb, links jsonb default '[]'
) returns public.commitment_report_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments := private.lock_own_commitment(commitment, false);
begin
	if v.id is null
		or member not in (select private.my_current_members())
		or member <> v.member_id and not exists (
			select from private.commitment_members as m
			where m.commitment_id = v.id
				and m.number = private.shown_commitment_version(v.id)
				and m.member_id = report_commitment.member) then
		return 'not_found';
	end if;
	if private.shown_commitment_version(v.id) is null or v.state = 'withdrawn' then return 'not_announced'; end if;
	if not private.are_evidence_links(links) then return 'invalid'; end if;
	if (
		select count(*)
		from private.commitment_reports as r
		where r.commitment_id = v.id and r.written_at > now() - interval '1 day') >= 10 then
		return 'limited';
	end if;
	insert into private.commitment_reports (commitment_id, member_id, progress, value, body, links, written_by, audience)
	select v.id, report_commitment.member, report_commitment.progress, report_commitment.value, report_commitment.body,
		report_commitment.links, private.me(), max(x.audience)
	from private.commitment_versions as x
	where x.commitment_id = v.id and x.number in (v.version, private.shown_commitment_version(v.id));
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.report_commitment(uuid, uuid, public.commitment_progress, numeric, jsonb, jsonb)
	to authenticated;

-- Verifies a report, for those who run the community; who did it is kept. Answers ok | already | not_found. Locks the
-- commitment: no file is added to what was verified.
create function public.verify_commitment_report(report uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.runs_community()
		or not exists (select from private.commitment_reports as r where r.id = report) then
		return 'not_found';
	end if;
	perform from private.commitments as c
	join private.commitment_reports as r on r.commitment_id = c.id
	where r.id = report
	for update of c;
	insert into private.commitment_verifications (report_id, verified_by)
	values (report, private.me())
	on conflict (report_id) do nothing;
	if not found then return 'already'; end if;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.verify_commitment_report(uuid) to authenticated;

-- Comments on an announced commitment as a focal point of a member, who sees it. Answers ok | not_found | not_announced |
-- invalid | limited (twenty of a member in a day).
create function public.comment_commitment(commitment uuid, member uuid, body text)
	returns public.commitment_report_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_body text := private.normalise_free_text(comment_commitment.body);
begin
	if member is null
		or member not in (select private.my_current_members())
		or commitment not in (select private.visible_commitments(private.me())) then
		return 'not_found';
	end if;
	if private.shown_commitment_version(commitment) is null then return 'not_announced'; end if;
	if length(v_body) not between 1 and 2000 then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('commitments:' || member, 0));
	if (
		select count(*)
		from private.commitment_comments as x
		where x.member_id = comment_commitment.member and x.written_at > now() - interval '1 day') >= 20 then
		return 'limited';
	end if;
	insert into private.commitment_comments (commitment_id, member_id, body, written_by)
	values (comment_commitment.commitment, comment_commitment.member, v_body, private.me());
	return 'ok';
end
$$;
grant execute on function public.comment_commitment(uuid, uuid, text) to authenticated;
