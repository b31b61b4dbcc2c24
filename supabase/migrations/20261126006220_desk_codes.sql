-- A way into one's own account where no mail arrives: a code of five minutes, shown at the help desk to somebody whose identity was
-- checked. It is kept hashed, works once, for that person's account alone, and who checked what is in the audit.

create table private.desk_codes (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	registration_id uuid not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	code_hash bytea not null unique,
	issued_by uuid references public.people (id) on update cascade on delete set null,
	-- What was looked at, never its number.
	checked text not null check (checked in ('passport', 'identity_card', 'known_in_person', 'focal_point')),
	issued_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '5 minutes',
	used_at timestamptz,
	ended_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade
);
alter table private.desk_codes enable row level security;
create index on private.desk_codes (registration_id, issued_at);
create index on private.desk_codes (person_id);
create index on private.desk_codes (issued_by, issued_at);
select audit.watch('private.desk_codes', 'person_id', 'code_hash', 'issued_by');
insert into private.audited_tables (name, area, shown) values ('private.desk_codes', 'registration', '{checked,issued_at,used_at}');

create table private.desk_code_misses (
	client_hash bytea not null,
	at timestamptz not null default now()
);
alter table private.desk_code_misses enable row level security;
create index on private.desk_code_misses (client_hash, at);

-- {status: ok | own | organiser | safeguarding | no_address | limited | checked_needed | not_allowed, expires_at}. A newer code ends the older.
create function public.issue_desk_code(registration uuid, code_hash text, checked text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_obstacle text;
	v_expires timestamptz;
begin
	select * into v_r from public.registrations as r where r.id = issue_desk_code.registration and r.state <> 'draft' for no key update;
	if not found or not (private.has_role(v_r.summit_id, 'registration') or private.has_role(v_r.summit_id, 'safeguarding')) then return jsonb_build_object('status', 'not_allowed'); end if;
	v_obstacle := private.desk_sign_in_obstacle(v_r);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	if coalesce(issue_desk_code.checked, '') not in ('passport', 'identity_card', 'known_in_person', 'focal_point') or coalesce(issue_desk_code.code_hash, '') !~ '^[0-9a-f]{64}$' then
		return jsonb_build_object('status', 'checked_needed');
	end if;
	if (select count(*) from private.desk_codes as c where c.person_id = v_r.person_id and c.issued_at > now() - interval '1 hour') >= 5
		or (select count(*) from private.desk_codes as c where c.issued_by = private.me() and c.issued_at > now() - interval '1 hour') >= 60 then
		return jsonb_build_object('status', 'limited');
	end if;
	perform private.act_for(v_r.person_id, 'identity checked: ' || issue_desk_code.checked);
	update private.desk_codes as c set ended_at = now() where c.person_id = v_r.person_id and c.used_at is null and c.ended_at is null;
	insert into private.desk_codes (summit_id, registration_id, person_id, code_hash, issued_by, checked)
	values (v_r.summit_id, v_r.id, v_r.person_id, decode(issue_desk_code.code_hash, 'hex'), private.me(), issue_desk_code.checked) returning expires_at into v_expires;
	return jsonb_build_object('status', 'ok', 'expires_at', private.iso(v_expires));
end
$$;

-- For the app alone: whose account the code opens, by the sealed address that signs in. ok, or wrong (unknown, old, used: all the same) or limited.
-- Who has become an organiser since is not signed in.
create function private.use_desk_code(p_code_hash bytea, p_client_hash bytea, out status text, out address_sealed bytea, out key_id text)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_code private.desk_codes;
begin
	if (select count(*) from private.desk_code_misses as x where x.client_hash = p_client_hash and x.at > now() - interval '1 hour') >= 60 then
		status := 'limited';
		return;
	end if;
	update private.desk_codes as c set used_at = now()
	where c.code_hash = p_code_hash and c.used_at is null and c.ended_at is null and c.expires_at > now()
		and not exists (select from public.role_grants as g where g.person_id = c.person_id and g.ended_at is null)
	returning * into v_code;
	if not found then
		delete from private.desk_code_misses as x where x.at < now() - interval '1 day';
		insert into private.desk_code_misses (client_hash) values (p_client_hash);
		status := 'wrong';
		return;
	end if;
	status := 'ok';
	-- Whoever it was, the account's holder hears of it.
	perform private.enqueue_mail(v_code.person_id, 'desk_signed_in', jsonb_build_object('at', private.iso(now())), v_code.summit_id, 'desk:' || v_code.id);
	select a.address_sealed, a.key_id into address_sealed, key_id from private.person_addresses as a where a.person_id = v_code.person_id order by a.is_primary desc, a.created_at limit 1;
end
$$;

grant execute on function public.issue_desk_code(uuid, text, text) to authenticated;
grant execute on function private.use_desk_code(bytea, bytea) to app_server;
