-- The secretariat checks what the members agreed to; it is announced at a time or at the press of a button.

-- Checks the newest version of an agreed commitment, or sends it back with a reason. Answers ok | not_found | conflict |
-- wrong_state | reason_needed | invalid. Locks the commitment.
create function public.check_commitment(commitment uuid, version integer, accepted boolean, reason text default '')
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
grant execute on function public.check_commitment(uuid, integer, boolean, text) to authenticated;

-- Announces a checked version: at once (`at` null; a stage organiser of its Summit may do that too), or at a time within a
-- year. One that is scheduled is announced at this time instead. Answers ok | not_found | conflict | wrong_state |
-- invalid. Locks the commitment, so that it is announced once.
create function public.announce_commitment(commitment uuid, version integer, at timestamptz default null)
	returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
begin
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null or not (private.runs_community() or at is null and private.has_role(v.summit_id, 'stage')) then
		return 'not_found';
	end if;
	if v.version is distinct from announce_commitment.version then return 'conflict'; end if;
	if at <= now() or at > now() + interval '1 year' then return 'invalid'; end if;
	if v.state <> 'checked' and not private.unschedule_commitment(v) then return 'wrong_state'; end if;
	insert into private.commitment_steps (commitment_id, number, step, effective_at, made_by)
	values (v.id, v.version, 'announced', coalesce(announce_commitment.at, now()), private.me());
	update private.commitments as c set state = 'announced', updated_at = now() where c.id = v.id;
	perform private.publish_event('site', 'changed');
	if at is null then perform private.send_announcement_mails(v); end if;
	return 'ok';
end
$$;
grant execute on function public.announce_commitment(uuid, integer, timestamptz) to authenticated;

-- Takes back an announcement whose time has not come, for those who run the community: the version is checked again.
-- Answers ok | not_found | conflict | wrong_state. Locks the commitment.
create function public.unschedule_commitment(commitment uuid, version integer) returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
begin
	if not private.runs_community() then return 'not_found'; end if;
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from unschedule_commitment.version then return 'conflict'; end if;
	if not private.unschedule_commitment(v) then return 'wrong_state'; end if;
	update private.commitments as c set state = 'checked', updated_at = now() where c.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.unschedule_commitment(uuid, integer) to authenticated;

-- Saves a theme of the list (`slug` new: adds it), or retires it: what has it keeps it, and no new version gets it.
create function public.save_commitment_theme(slug text, name jsonb, place integer, retired boolean)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
	if not private.runs_community() then return 'not_allowed'; end if;
	insert into private.commitment_themes as t (slug, name, position, retired_at)
	values (save_commitment_theme.slug, save_commitment_theme.name, coalesce(place, 0),
		case when retired then now() end)
	on conflict (slug) do update
	set name = excluded.name,
		position = excluded.position,
		retired_at = case when excluded.retired_at is not null then coalesce(t.retired_at, excluded.retired_at) end;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.save_commitment_theme(text, jsonb, integer, boolean) to authenticated;

-- Saves how often focal points are reminded.
create function public.save_commitment_settings(months integer) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.runs_community() then return 'not_allowed'; end if;
	update private.commitment_settings as s set remind_months = months where s.only_one;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_commitment_settings(integer) to authenticated;

-- The sites whose pages may embed the register. They are no secret: every browser that opens the embedded page gets them.
create function public.read_register_origins() returns text[]
language sql stable security definer set search_path = '' as $$
	select s.embed_origins from private.commitment_settings as s
$$;
grant execute on function public.read_register_origins() to anon, authenticated;

-- Replaces these sites, up to 20.
create function public.save_register_origins(origins text[]) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.runs_community() then return 'not_allowed'; end if;
	update private.commitment_settings as s
	set embed_origins = array(select distinct each from unnest(origins) as each order by each)
	where s.only_one;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_register_origins(text[]) to authenticated;
