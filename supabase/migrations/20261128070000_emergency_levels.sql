-- The emergency button: whoever runs a session, and safeguarding, raises its level at once. What raising does (moving the run to a new room,
-- sealing the recording, naming nobody) are the triggers of `public.sessions`, in this one transaction.

-- Raises to `chatham_house` or `closed`, with everything that such a level forbids switched off. A session that is closed keeps its own list of
-- who may come; without one, its people alone are left. Answers ok, already, not_found. The audit says who and that it was an emergency.
create function public.raise_level_in_emergency(session uuid, level public.confidentiality) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session public.sessions;
begin
	select * into v_session from public.sessions as s where s.id = session for no key update;
	if not found or level not in ('chatham_house', 'closed') then return 'not_found'; end if;
	if not (private.may_run(private.me(), v_session.id)
		or private.has_role(v_session.summit_id, 'safeguarding') and private.can_see(private.me(), v_session.id)) then return 'not_found'; end if;
	if v_session.level >= level then return 'already'; end if;
	perform set_config('app.reason', 'emergency', true);
	update public.sessions as s set level = raise_level_in_emergency.level, is_recorded = false,
		audience = case when raise_level_in_emergency.level = 'closed' then 'listed' when s.audience = 'everyone' then 'registered' else s.audience::text end::public.session_audience
	where s.id = v_session.id;
	-- What can be recorded at no level any more is not left to a trigger that looks at levels alone.
	perform private.seal_recording(g.id, 'level') from private.recordings as g where g.session_id = v_session.id and g.state in ('wanted', 'running', 'paused', 'stopped');
	return 'ok';
end
$$;
revoke execute on function public.raise_level_in_emergency(uuid, public.confidentiality) from public;
grant execute on function public.raise_level_in_emergency(uuid, public.confidentiality) to authenticated;
