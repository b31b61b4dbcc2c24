-- Events of the programme: releases of the agenda, runs, speakers, proposals and recordings. A session is named by its
-- code. What tells of a closed session is not written (write_webhook_event). No event says that a session was removed:
-- one that became closed could be told from it.

create function private.write_session_event(p_session uuid, p_kind public.webhook_kind, p_data jsonb default '{}')
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_code text;
begin
	select s.summit_id, s.code into v_summit, v_code from public.sessions as s where s.id = p_session;
	if v_summit is null then return; end if;
	perform private.write_webhook_event(v_summit, p_kind, jsonb_build_object('session', v_code) || p_data, p_session);
end
$$;

create function private.webhook_of_release() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'agenda.released', jsonb_build_object('release', new.number));
	return null;
end
$$;
create trigger webhook_released after insert on public.releases for each row
	execute function private.webhook_of_release();

-- What a release changes, at the end of its transaction, when its sessions are written. A session that was closed in the
-- release before is new to those who read this one.
create function private.webhook_of_released_sessions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not private.is_webhook_wanted(new.summit_id, 'session.added', 'session.changed', 'session.cancelled') then
		return null;
	end if;
	perform private.write_session_event(c.session_id, c.kind, jsonb_build_object('release', new.number))
	from (
		select
			n.session_id,
			case
				when o.session_id is null then 'session.added'
				when n.is_cancelled and not o.is_cancelled then 'session.cancelled'
				else 'session.changed'
			end::public.webhook_kind as kind
		from private.comparable_release(new.id) as n
		left join private.comparable_release((
			select r.id from public.releases as r where r.summit_id = new.summit_id and r.number = new.number - 1)) as o
			on o.session_id = n.session_id and o.level <> 'closed'
		where n.level <> 'closed'
			and (o.session_id is null
				or (n.title, n.texts, n.details, n.places, n.people, n.is_cancelled)
					is distinct from (o.title, o.texts, o.details, o.places, o.people, o.is_cancelled))
		order by n.session_id
	) as c;
	return null;
end
$$;
create constraint trigger webhook_sessions after insert on public.releases deferrable initially deferred
	for each row execute function private.webhook_of_released_sessions();

-- A run keeps the strictest level that it had.
create function private.webhook_of_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.level <> 'closed' then
		perform private.write_session_event(new.session_id, tg_argv[0]::public.webhook_kind,
			jsonb_build_object('run', new.id));
	end if;
	return null;
end
$$;
create trigger webhook_live after update on public.runs for each row
	when (old.state = 'waiting' and new.state = 'live') execute function private.webhook_of_run('session.live');
create trigger webhook_ended after update on public.runs for each row
	when (old.state in ('live', 'paused') and new.state = 'ended') execute function private.webhook_of_run('session.ended');

-- Those whom the agenda names, where it names anybody. The part has an id of its own, which is another once its person
-- takes an alias.
create function private.webhook_of_speaker() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_row public.session_people := case when tg_op = 'DELETE' then old else new end;
begin
	if v_row.role not in ('interpreter', 'captioner')
		and private.level_in_force(v_row.session_id) in ('public', 'members') then
		perform private.write_session_event(
			v_row.session_id,
			('speaker.' || case when tg_op = 'DELETE' then 'removed' else v_row.state::text end)::public.webhook_kind,
			jsonb_build_object('part', v_row.id));
	end if;
	return null;
end
$$;
create trigger webhook_added after insert or delete on public.session_people for each row
	execute function private.webhook_of_speaker();
create trigger webhook_answered after update on public.session_people for each row
	when (new.state <> old.state) execute function private.webhook_of_speaker();

-- A proposal for a closed session is in no event.
create function private.webhook_of_proposal() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, ('proposal.' || new.state)::public.webhook_kind,
		jsonb_build_object('proposal', new.code));
	return null;
end
$$;
create trigger webhook_state after update on private.proposals for each row
	when (new.state <> old.state and new.state <> 'draft' and new.level <> 'closed')
	execute function private.webhook_of_proposal();

-- What was written of a proposal goes once its level is closed.
create function private.drop_webhooks_of_proposal() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.webhook_events as e
	where e.summit_id = new.summit_id and e.data ->> 'proposal' = new.code;
	return null;
end
$$;
create trigger webhook_closed after update on private.proposals for each row
	when (new.level = 'closed' and old.level <> 'closed') execute function private.drop_webhooks_of_proposal();

-- Its people are told of a decision when it is released, and so is everybody else.
create function private.webhook_of_decision() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'proposal.decided',
		jsonb_build_object('proposal', p.code), new.session_id)
	from private.proposals as p
	where p.id = new.proposal_id and p.level <> 'closed';
	return null;
end
$$;
create trigger webhook_decided after update on private.proposal_decisions for each row
	when (new.released_decision is distinct from old.released_decision and new.released_decision is not null)
	execute function private.webhook_of_decision();
create trigger webhook_decided_at_once after insert on private.proposal_decisions for each row
	when (new.released_decision is not null) execute function private.webhook_of_decision();

create function private.webhook_of_side_event() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('side_event', new.id), new.session_id);
	return null;
end
$$;
create trigger webhook_requested after insert on private.side_events for each row
	execute function private.webhook_of_side_event('side_event.requested');
create trigger webhook_decided after update on private.side_events for each row
	when (new.state <> old.state and new.state in ('accepted', 'declined'))
	execute function private.webhook_of_side_event('side_event.decided');

create function private.webhook_of_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_session_event(
		new.session_id,
		case when new.published_at is null then 'recording.withdrawn' else 'recording.published' end::public.webhook_kind,
		jsonb_build_object('recording', new.id));
	return null;
end
$$;
create trigger webhook_published after update on private.recordings for each row
	when ((new.published_at is null) <> (old.published_at is null)) execute function private.webhook_of_recording();
