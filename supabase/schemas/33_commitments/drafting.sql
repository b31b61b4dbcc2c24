-- Drafting: a focal point of the lead writes versions, asks the heads to agree, and withdraws.

-- A commitment, locked, if the reader acts for it; else null.
create function private.lock_own_commitment(p_commitment uuid, p_as_lead boolean) returns private.commitments
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitments;
begin
	select * into v from private.commitments as c where c.id = p_commitment for update;
	return case when v.id is not null and private.acts_for_commitment(v, p_as_lead) then v end;
end
$$;

-- Revokes the open links of a commitment: its text has changed, or it needs no agreement any longer.
create function private.revoke_commitment_links(p_commitment uuid, p_member uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	with ended as (
		update private.commitment_links as l
		set revoked_at = now()
		where l.commitment_id = p_commitment
			and (p_member is null or l.member_id = p_member)
			and l.revoked_at is null
			and l.used_at is null
		returning l.id
	)
	update private.outbox as o
	set state = 'dead', secret = null, last_error = 'revoked'
	from ended
	where o.idempotency_key = 'commitment_link:' || ended.id and o.state = 'queued';
end
$$;

-- Takes back an announcement whose time has not come. Answers whether there was one.
create function private.unschedule_commitment(p private.commitments) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p.state <> 'announced' or not exists (
		select from private.commitment_announcements() as s
		where s.commitment_id = p.id and s.number = p.version and s.effective_at > now()) then
		return false;
	end if;
	insert into private.commitment_steps (commitment_id, number, step, made_by)
	values (p.id, p.version, 'unscheduled', private.me());
	return true;
end
$$;

-- Writes the version of a commitment from `p_fields`; raises what the constraints refuse.
create function private.write_commitment_version(p_commitment uuid, p_number integer, p_lead uuid, p_summit uuid,
	p_fields jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitment_versions := jsonb_populate_record(null::private.commitment_versions, p_fields);
	v_session uuid;
	v_partners uuid[] := array(
		select distinct private.parse_uuid(each #>> '{}')
		from jsonb_array_elements(coalesce(p_fields -> 'partners', '[]')) as each
		where private.parse_uuid(each #>> '{}') is distinct from p_lead);
begin
	select s.id into v_session
	from public.sessions as s
	where s.summit_id = p_summit
		and s.code = p_fields ->> 'session'
		and private.can_see(private.me(), s.id);
	if coalesce(p_fields ->> 'session', '') <> '' and v_session is null then raise check_violation; end if;
	-- The form of somebody who does not see the session of the version before has no session.
	if v_session is null then
		select o.session_id into v_session
		from private.commitment_versions as o
		where o.commitment_id = p_commitment and o.number = p_number - 1 and not private.is_session_tie_seen(o.session_id);
	end if;
	if exists (
		select from unnest(v.countries) as country
		where country not in (select r.country from private.country_regions as r)) then
		raise check_violation;
	end if;
	if cardinality(v_partners) > 30 or exists (
		select from unnest(v_partners) as partner
		where not exists (
			select from public.summit_members as sm
			where sm.summit_id = p_summit and sm.member_id = partner and sm.standing in ('active', 'observer'))) then
		raise check_violation;
	end if;
	insert into private.commitment_versions (commitment_id, number, title, summary, beneficiaries, indicator, unit,
		baseline, target, due_on, theme_id, countries, budget, currency, session_id, audience, note, written_by)
	select p_commitment, p_number, v.title, v.summary, v.beneficiaries, v.indicator, v.unit, v.baseline, v.target,
		v.due_on, (
			select t.id
			from private.commitment_themes as t
			where t.slug = p_fields ->> 'theme'
				and (t.retired_at is null
					or t.id = (
						select o.theme_id
						from private.commitment_versions as o
						where o.commitment_id = p_commitment and o.number = p_number - 1))),
		coalesce(v.countries, '{}'), v.budget, v.currency, v_session, v.audience, coalesce(v.note, ''), private.me();
	insert into private.commitment_members (commitment_id, number, member_id)
	select p_commitment, p_number, member
	from unnest(p_lead || v_partners) as member;
end
$$;

-- Drafts a commitment of a member for a Summit (commitment null), or writes another version of one, which has to be
-- agreed, checked and announced again; readers are shown the version before until then. `fields`: title, summary,
-- beneficiaries, indicator, unit, baseline, target, due_on, theme (slug), countries, budget, currency, session (code),
-- audience, note, partners (ids of at most thirty members of the Summit). Answers {status: ok | not_found | invalid |
-- conflict (another version since) | closed (withdrawn) | limited (fifty drafts of a member), code}. Locks the member or
-- the commitment.
create function public.save_commitment(
	commitment uuid, summit uuid, member uuid, version integer, fields jsonb
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
begin
	if commitment is null then
		if member is null or member not in (select private.my_current_members())
			or not exists (
				select from public.summit_members as sm
				join public.summits as s on s.id = sm.summit_id and s.state <> 'draft'
				where sm.summit_id = summit and sm.member_id = save_commitment.member) then
			return jsonb_build_object('status', 'not_found');
		end if;
		perform pg_advisory_xact_lock(hashtextextended('commitments:' || member, 0));
		if (
			select count(*)
			from private.commitments as c
			where c.member_id = save_commitment.member and c.state in ('draft', 'asked', 'agreed')) >= 50 then
			return jsonb_build_object('status', 'limited');
		end if;
		insert into private.commitments as c (summit_id, member_id)
		values (save_commitment.summit, save_commitment.member)
		returning * into v;
		perform private.write_commitment_version(v.id, 1, v.member_id, v.summit_id, fields);
		return jsonb_build_object('status', 'ok', 'code', v.code);
	end if;
	v := private.lock_own_commitment(commitment, true);
	if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v.state = 'withdrawn' then return jsonb_build_object('status', 'closed'); end if;
	if v.version is distinct from save_commitment.version then return jsonb_build_object('status', 'conflict'); end if;
	perform private.write_commitment_version(v.id, v.version + 1, v.member_id, v.summit_id, fields);
	perform private.revoke_commitment_links(v.id);
	perform private.unschedule_commitment(v);
	update private.commitments as c
	set version = c.version + 1, state = 'draft', updated_at = now()
	where c.id = v.id;
	perform private.publish_event('site', 'changed');
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_commitment(uuid, uuid, uuid, integer, jsonb) to authenticated;

-- Asks the head of a member to agree to the newest version, by a personal link in a mail: `address` is sealed, with the
-- hash of the token and the token sealed for the mail alone. A focal point of the lead asks all, one of a partner its own
-- head. An earlier link of the member ends. Answers ok | not_found | invalid | conflict | wrong_state (agreed already, or
-- past that) | limited (twenty links in a day). Locks the commitment.
create function public.ask_commitment_agreement(commitment uuid, version integer, member uuid, address jsonb)
	returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments := private.lock_own_commitment(commitment, false);
	v_link uuid;
begin
	if v.id is null
		or not (v.member_id in (select private.my_current_members()) or member in (select private.my_current_members()))
		or not exists (
			select from private.commitment_members as m
			where m.commitment_id = v.id
				and m.number = v.version
				and m.member_id = ask_commitment_agreement.member) then
		return 'not_found';
	end if;
	if v.version is distinct from ask_commitment_agreement.version then return 'conflict'; end if;
	if v.state not in ('draft', 'asked') or private.has_agreed(v, member) then return 'wrong_state'; end if;
	if not private.is_sealed_address(address)
		or coalesce(address ->> 'token_hash', '') !~ '^[0-9a-f]{64}$'
		or coalesce(address ->> 'secret', '') !~ '^([0-9a-f]{2})+$' then
		return 'invalid';
	end if;
	if (
		select count(*)
		from private.commitment_links as l
		where l.commitment_id = v.id and l.made_at > now() - interval '1 day') >= 20 then
		return 'limited';
	end if;
	perform private.revoke_commitment_links(v.id, member);
	insert into private.commitment_links (commitment_id, number, member_id, summit_id, token_hash, hint, made_by)
	values (v.id, v.version, member, v.summit_id, decode(address ->> 'token_hash', 'hex'),
		coalesce(address ->> 'hint', ''), private.me())
	returning id into v_link;
	insert into private.commitment_steps (commitment_id, number, step, member_id, made_by)
	values (v.id, v.version, 'asked', member, private.me());
	update private.commitments as c set state = 'asked', updated_at = now() where c.id = v.id;
	perform private.enqueue_address_mail('commitment_agreement', decode(address ->> 'sealed', 'hex'),
		address ->> 'key_id', private.mail_language(v.summit_id), jsonb_build_object(
			'member', (select m.name from public.members as m where m.id = ask_commitment_agreement.member),
			'title', (
				select x.title
				from private.commitment_versions as x
				where x.commitment_id = v.id and x.number = v.version),
			'until', private.iso(now() + interval '30 days')),
		decode(address ->> 'secret', 'hex'), v.summit_id, 'commitment_link:' || v_link);
	return 'ok';
end
$$;
grant execute on function public.ask_commitment_agreement(uuid, integer, uuid, jsonb) to authenticated;

-- Revokes the open link of a member. Answers ok | not_found.
create function public.revoke_commitment_link(commitment uuid, member uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitments := private.lock_own_commitment(commitment, false);
begin
	if v.id is null or member is null
		or not (v.member_id in (select private.my_current_members()) or member in (select private.my_current_members())) then
		return 'not_found';
	end if;
	perform private.revoke_commitment_links(v.id, member);
	return 'ok';
end
$$;
grant execute on function public.revoke_commitment_link(uuid, uuid) to authenticated;

-- Withdraws a commitment: a focal point of its lead, or those who run the community, with a reason. One that was announced
-- stays in the register, with the reason. Answers ok | not_found | reason_needed | invalid | wrong_state. Locks the
-- commitment.
create function public.withdraw_commitment(commitment uuid, reason text) returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
	v_reason text := private.normalise_free_text(withdraw_commitment.reason);
begin
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null or not (private.acts_for_commitment(v, true) or private.runs_community()) then return 'not_found'; end if;
	if v.state = 'withdrawn' then return 'wrong_state'; end if;
	if v_reason = '' then return 'reason_needed'; end if;
	if length(v_reason) > 2000 then return 'invalid'; end if;
	perform private.revoke_commitment_links(v.id);
	perform private.unschedule_commitment(v);
	insert into private.commitment_steps (commitment_id, number, step, reason, made_by)
	values (v.id, v.version, 'withdrawn', v_reason, private.me());
	update private.commitments as c
	set state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = v_reason, updated_at = now()
	where c.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.withdraw_commitment(uuid, text) to authenticated;
