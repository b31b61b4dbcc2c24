-- A form of the help desk that is sent twice registers one walk-in: nothing but the form says so, for two of one name may stand there.

create table private.walk_ins (
	once_key uuid not null,
	summit_id uuid not null,
	registration_id uuid not null,
	status text not null,
	primary key (summit_id, once_key),
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade
);
alter table private.walk_ins enable row level security;
create index on private.walk_ins (registration_id, summit_id);

-- Registers and accredits on the spot. `guest`: display_name, office, affiliation, country, languages, category, member_id, mode, agreed (to the
-- code of conduct and all that must be agreed to, before the desk), address_hash, address_sealed, key_id, once (the form's own id).
-- A delegate or speaker has a seat or waits for one; all others are let in outside the capacity while their category has a place.
-- {status: confirmed | awaiting_payment | accredited (there is no seat: in the queue) | no_place (none of the category: nothing is done) | proposed |
-- needs_a_word | exists | address_refused (one's own) | missing | invalid | closed | not_allowed, id, faults, missing}. A protected person's address
-- answers as an unknown one.
create function public.walk_in(summit uuid, guest jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_person uuid;
	v_faults text[];
	v_reason public.queue_reason;
	v_status text;
	v_once uuid := private.as_uuid(guest ->> 'once');
	v_made private.walk_ins;
	v_address bytea;
	v_lookup uuid;
begin
	if not private.has_role(walk_in.summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if not exists (select from public.summits as s where s.id = walk_in.summit and s.state in ('open', 'live')) then return jsonb_build_object('status', 'closed'); end if;
	v_faults := private.walk_in_faults(walk_in.summit, guest);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', to_jsonb(v_faults)); end if;
	perform private.lock_modes(walk_in.summit);
	select * into v_made from private.walk_ins as w where w.once_key = v_once and w.summit_id = walk_in.summit;
	if found then return jsonb_build_object('status', v_made.status, 'id', v_made.registration_id); end if;
	v_address := decode(guest ->> 'address_hash', 'hex');
	-- One's own address is refused; whose it is otherwise, the desk is told of nobody who is under another name.
	if exists (select from private.person_addresses as a where a.address_hash = v_address and a.person_id in (select private.my_people())) then
		return jsonb_build_object('status', 'address_refused');
	end if;
	if v_address is not null then
		insert into private.desk_lookups (summit_id, by_id, address_hash, act) values (walk_in.summit, private.me(), v_address, 'walk_in') returning id into v_lookup;
	end if;
	v_person := private.person_at_desk(v_address);
	select * into v_r from public.registrations as r where r.summit_id = walk_in.summit and r.person_id = v_person and r.state not in ('declined', 'withdrawn', 'expired') for no key update;
	if v_r.state <> 'draft' then return jsonb_build_object('status', 'exists', 'id', v_r.id); end if;
	begin
		v_person := private.walk_in_person(guest);
		perform private.act_for(v_person, 'walk-in');
		v_r := private.walk_in_draft(walk_in.summit, v_person, v_r.id, guest);
		v_faults := private.missing_of(v_r);
		if v_faults <> '{}' then raise sqlstate 'PT422' using message = 'missing'; end if;
		v_r := private.move_registration(v_r.id, 'submitted', 'walk-in');
		perform private.note_matches(v_person);
		v_reason := private.hold_seat(v_r, v_r.mode, private.deadline_in(v_r.summit_id, make_interval(days => (select s.review_days from public.summits as s where s.id = v_r.summit_id))));
		if v_reason is not null and private.is_let_in_by_desk(v_r.category) then raise sqlstate 'PT422' using message = 'no place'; end if;
		if v_reason is not null then perform private.enqueue(v_r, v_r.mode, v_reason); end if;
		v_status := private.decide_one(v_r, 'accredit', 'walk-in');
		perform private.serve_queues(v_r.summit_id);
		update private.desk_lookups as l set registration_id = v_r.id where l.id = v_lookup;
		insert into private.walk_ins (once_key, summit_id, registration_id, status) select v_once, walk_in.summit, v_r.id, v_status where v_once is not null;
		set constraints public.seat_fault immediate;
		set constraints public.seat_fault deferred;
	exception when sqlstate 'PT422' then
		return case when v_faults = '{}' then jsonb_build_object('status', 'no_place')
			else jsonb_build_object('status', 'missing', 'missing', to_jsonb(v_faults)) end;
	end;
	return jsonb_build_object('status', v_status, 'id', v_r.id, 'queue_reason', v_reason);
end
$$;
grant execute on function public.walk_in(uuid, jsonb) to authenticated;
