-- Decides on a requested side event: accepted (with `place`, {start, end, rooms: [slug]}, and `format`, the name that the
-- format gets when it is made), declined or change_asked (each with words). An accepted one is a confirmed session of
-- the draft, for those registered. Its focal point is told by mail. Answers {status: ok | not_found | conflict (decided
-- or changed since `version`) | no_words | room_taken | invalid}. Locks the draft, then the side event.
create or replace function public.decide_side_event(
	side_event uuid, version integer, state public.side_event_state, words text default '', place jsonb default null,
	format jsonb default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_state public.side_event_state := decide_side_event.state;
	v_words text := btrim(coalesce(decide_side_event.words, ''));
	v private.side_events;
	v_saved jsonb;
begin
	select * into v from private.side_events as e where e.id = side_event;
	if v.id is null or not private.has_role(v.summit_id, 'programme') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_state is null or v_state not in ('accepted', 'declined', 'change_asked') or length(v_words) > 2000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if v_state <> 'accepted' and v_words = '' then return jsonb_build_object('status', 'no_words'); end if;
	perform private.lock_draft(v.summit_id);
	select * into v from private.side_events as e where e.id = side_event for update;
	if v.state not in ('requested', 'change_asked') or v.version is distinct from decide_side_event.version then
		return jsonb_build_object('status', 'conflict');
	end if;
	if v_state = 'accepted' then
		v_saved := public.save_session(v.summit_id, null, jsonb_build_object(
			'title', v.title,
			'abstract', v.purpose,
			'format_id', private.side_event_format(v.summit_id, format),
			'level', 'members',
			'attendance', 'hall',
			'spoken', v.languages,
			'state', 'confirmed',
			'slots', jsonb_build_array(place)
		));
		if v_saved ->> 'status' <> 'ok' then return v_saved - 'id'; end if;
	end if;
	update private.side_events as e
	set state = v_state,
		answer = v_words,
		session_id = (v_saved ->> 'id')::uuid,
		decided_by = private.me(),
		decided_at = now(),
		version = e.version + 1,
		updated_at = now()
	where e.id = v.id;
	if v.requested_by is not null then
		perform private.enqueue_mail(
			v.requested_by,
			case v_state
				when 'accepted' then 'side_event_accepted'
				when 'declined' then 'side_event_declined'
				else 'side_event_change_asked'
			end,
			jsonb_build_object(
				'title', v.title,
				'reason', v_words,
				'starts_at', place ->> 'start'),
			v.summit_id);
		perform private.publish_event('person:' || v.requested_by, 'rights');
	end if;
	perform private.publish_event('organise:' || v.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok');
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;

update private.outbox
set template = 'side_event_' || (params ->> 'decision')
where template = 'side_event_decided' and params ->> 'decision' in ('accepted', 'declined', 'change_asked');
