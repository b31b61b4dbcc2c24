-- What a change of category leaves in the history, the ledger and the sessions that were chosen.

-- A step that changed the category says to which; its states are then the same.
alter table public.registration_steps add column category public.registration_category;

create or replace function private.steps_of(p_r public.registrations, p_named boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('from_state', t.from_state, 'to_state', t.to_state, 'mode', t.mode, 'at', private.iso(t.at), 'reason', t.reason,
			'category', t.category, 'by_self', t.actor_id is not distinct from p_r.person_id and t.actor_id is not null)
		|| case when p_named then jsonb_build_object('actor', (select a.display_name from public.people as a where a.id = t.actor_id)) else '{}' end order by t.at, t.id), '[]')
	from public.registration_steps as t where t.registration_id = p_r.id
$$;

-- The difference to what costs less, as far as the policy gives it back. What was waived is not paid out.
drop function private.give_credit(public.registrations, bigint);
create function private.give_credit(p_r public.registrations, p_amount bigint, p_reason text default 'switched') returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_left bigint := p_amount * private.refund_percent(p_r.summit_id) / 100;
	v_order uuid;
	v_part bigint;
begin
	for v_order in select o from private.registration_orders(p_r.id) as o loop
		v_part := least(v_left, private.line_total(v_order, p_r.id));
		if v_part > 0 then
			perform private.adjust_order(v_order, 'waiver', least(v_part, private.waived_of(v_order, p_r.id)), p_r.id, p_reason);
			perform private.adjust_order(v_order, 'credit', -v_part, p_r.id, p_reason);
			perform private.settle_order(v_order, p_reason);
			v_left := v_left - v_part;
		end if;
	end loop;
end
$$;

-- Sessions are for categories and members too: who is one no more keeps no place that they could not take.
drop trigger give_places_back on public.registrations;
create trigger give_places_back after update of state, mode, category, member_id on public.registrations for each row
	when (old.state = 'confirmed' and (new.state, new.mode, new.category, new.member_id) is distinct from (old.state, old.mode, old.category, old.member_id))
	execute function private.give_places_back();
