-- Checking a commitment empties the caches of the register, because it can close the version that is shown.
-- A commitment is as old for everybody as its first version for everybody.

set check_function_bodies = off;

-- Checks the newest version of an agreed commitment, or sends it back with a reason. Answers ok | not_found | conflict |
-- wrong_state | reason_needed | invalid. Locks the commitment.
create or replace function public.check_commitment(commitment uuid, version integer, accepted boolean, reason text default '')
	returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
	v_reason text := private.normalise_free_text(check_commitment.reason);
begin
	if not private.runs_community() then return 'not_found'; end if;
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from check_commitment.version then return 'conflict'; end if;
	if v.state not in ('agreed', 'checked') or accepted and v.state <> 'agreed' then return 'wrong_state'; end if;
	if accepted is null or length(v_reason) > 2000 then return 'invalid'; end if;
	if not accepted and v_reason = '' then return 'reason_needed'; end if;
	insert into private.commitment_steps (commitment_id, number, step, reason, made_by)
	values (v.id, v.version, case when accepted then 'checked' else 'sent_back' end::public.commitment_step,
		case when accepted then '' else v_reason end, private.me());
	update private.commitments as c
	set state = case when accepted then 'checked' else 'draft' end::public.commitment_state, updated_at = now()
	where c.id = v.id;
	-- A checked version for members closes the one that is shown.
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;

-- The announced commitments that the reader sees, each once: the one set of rows from which lists, feeds and figures are
-- made.
create or replace function private.announced_commitments() returns table (
	id uuid, number integer, status text, is_verified boolean, announced_at timestamptz, value numeric,
	reported_at timestamptz
)
language sql stable security definer set search_path = '' as $$
	select c.id, shown.number, private.commitment_status(c, shown.number, reader.is_member),
		coalesce(last.is_verified, false), (
			select min(s.effective_at)
			from private.commitment_steps as s
			join private.commitment_versions as v on v.commitment_id = s.commitment_id and v.number = s.number
			where s.commitment_id = c.id
				and s.step = 'announced'
				and (v.audience = 'public' or reader.is_member)
				and not exists (
					select from private.commitment_steps as x
					where x.commitment_id = c.id and x.step = 'unscheduled' and x.number = s.number and x.id > s.id)),
		last.value, last.written_at
	from private.visible_commitments(private.me()) as seen
	join private.commitments as c on c.id = seen
	cross join lateral (select private.shown_commitment_version(c.id)) as shown (number)
	cross join (select private.reads_as_member()) as reader (is_member)
	left join lateral (
		select r.value, r.written_at, exists (
			select from private.commitment_verifications as f where f.report_id = r.id) as is_verified
		from private.latest_commitment_report(c.id, reader.is_member) as r) as last on true
	where shown.number is not null
$$;
