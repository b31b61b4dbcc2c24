-- The languages of the pages are listed once, in a function that checks and functions call.

-- Whether the pages are in this language. The list is that of `locales` in src/lib/i18n/locale.ts, which
-- tests/database/database/interface-languages.test.ts compares.
create function private.is_interface_language(p_language text) returns boolean
language sql immutable parallel safe
return p_language in ('en', 'fr', 'es', 'ar');
grant execute on function private.is_interface_language(text) to public;

alter table public.person_preferences drop constraint person_preferences_locale_check,
	add constraint person_preferences_locale_check check (private.is_interface_language(locale));

alter table private.invitations drop constraint invitations_locale_check,
	add constraint invitations_locale_check check (private.is_interface_language(locale));

alter table public.mail_texts drop constraint mail_texts_locale_check,
	add constraint mail_texts_locale_check check (private.is_interface_language(locale));

alter table public.group_messages drop constraint group_messages_original_check,
	add constraint group_messages_original_check check (private.is_interface_language(original));

alter table private.draft_previews drop constraint draft_previews_language_check,
	add constraint draft_previews_language_check check (private.is_interface_language(language));

alter table private.proposal_people drop constraint proposal_people_locale_check,
	add constraint proposal_people_locale_check check (private.is_interface_language(locale));

alter table private.concerns drop constraint concerns_locale_check,
	add constraint concerns_locale_check check (private.is_interface_language(locale));

alter table private.announcements drop constraint announcements_language_check,
	add constraint announcements_language_check check (private.is_interface_language(language));

alter table private.announcements drop constraint announcements_original_check,
	add constraint announcements_original_check check (private.is_interface_language(original));

alter table public.summits drop constraint summits_slug_check,
	add constraint summits_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'
	and not private.is_interface_language(slug)
	and slug not in ('sign-in', 'sign-out', 'account', 'calendar', 'webhooks', 'api', 'healthz', 'readyz', 'sample',
		'privacy', 'accessibility', 'talk', 'certificates', 'organise', 'new', 'files', 'offline', 'invitation', 'live'));

create or replace function public.save_preferences(locale text, time_zone text) returns public.preferences_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null then return 'not_allowed'; end if;
	if not private.is_interface_language(save_preferences.locale) then return 'unknown_locale'; end if;
	if save_preferences.time_zone is not null
		and not exists (select from private.time_zones as z where z.name = save_preferences.time_zone) then
		return 'unknown_zone';
	end if;
	insert into public.person_preferences (person_id, locale, time_zone)
		values (v_me, save_preferences.locale, save_preferences.time_zone)
	on conflict (person_id) do update set locale = excluded.locale, time_zone = excluded.time_zone, updated_at = now();
	return 'ok';
end
$$;

create or replace function private.is_sealed_invitation(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_typeof(p) = 'object'
		and p ->> 'address_hash' ~ '^[0-9a-f]{64}$'
		and p ->> 'token_hash' ~ '^[0-9a-f]{64}$'
		and p ->> 'address_sealed' ~ '^([0-9a-f]{2})+$'
		and length(p ->> 'address_sealed') between 56 and 4000
		and p ->> 'secret' ~ '^([0-9a-f]{2})+$'
		and length(p ->> 'secret') between 56 and 16000
		and coalesce(p ->> 'note_sealed', '00') ~ '^([0-9a-f]{2})+$'
		and coalesce(length(p ->> 'note_sealed'), 0) <= 16000
		and p ->> 'key_id' <> ''
		and p ->> 'address_mask' like '%…%'
		and length(p ->> 'address_mask') <= 200
		and private.is_interface_language(p ->> 'locale'), false)
$$;

create or replace function public.request_invoice(order_id uuid, billing jsonb, locale text default 'en') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_settings public.money_settings;
	v_paper public.invoices;
	v_faults text[] := private.billing_faults(billing);
	v_by_finance boolean;
begin
	select * into v_order from public.orders as o where o.id = request_invoice.order_id;
	v_by_finance := private.has_role(v_order.summit_id, 'finance');
	if v_order.id is null or not v_by_finance and v_order.id not in (select private.my_payable_orders()) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	v_order := private.lock_order(v_order.id);
	select i.* into v_paper from public.invoices as i
	where i.order_id = v_order.id and i.kind = 'invoice' and private.invoice_remainder(i.id) > 0
	order by i.year desc, i.number desc limit 1;
	if found then
		return jsonb_build_object(
			'status', 'already', 'invoice_id', v_paper.id, 'reference', v_paper.reference,
			'due_on', v_paper.due_on
		);
	end if;
	select * into v_settings from public.money_settings as s where s.summit_id = v_order.summit_id;
	if v_settings.issuer_name is null
		or v_settings.issuer_name = ''
		or v_settings.issuer_address = ''
		or not v_settings.transfer_allowed and not v_by_finance and private.balance_of(v_order.id) > 0 then
		return jsonb_build_object('status', 'not_offered');
	end if;
	if private.order_charge(v_order.id) <= 0 then return jsonb_build_object('status', 'nothing'); end if;
	if v_order.closed_at is not null and private.balance_of(v_order.id) > 0 then
		return jsonb_build_object('status', 'closed');
	end if;
	if private.balance_of(v_order.id) > 0 and v_order.due_at <= now() then
		return jsonb_build_object('status', 'closed');
	end if;
	if exists (select from public.checkouts as c where c.order_id = v_order.id and c.state = 'processing') then
		return jsonb_build_object('status', 'processing');
	end if;
	if v_faults <> '{}' and not private.has_alias(v_order.payer_person_id) then
		return jsonb_build_object('status', 'invalid', 'faults', v_faults);
	end if;
	perform private.set_audit_context(v_order.payer_person_id);
	v_paper := private.issue_invoice(
		v_order, 'invoice', private.order_charge(v_order.id) - private.invoiced_amount(v_order.id), billing,
		case when private.is_interface_language(locale) then locale else 'en' end
	);
	perform private.extend_order_for_transfer(v_order, v_paper.due_on + v_settings.grace_days);
	perform private.notify_order(v_order);
	return jsonb_build_object(
		'status', 'ok', 'invoice_id', v_paper.id, 'reference', v_paper.reference, 'due_on', v_paper.due_on
	);
end
$$;

create or replace function public.correct_invoice(invoice uuid, billing jsonb, reason text, locale text default 'en')
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.invoices;
	v_new public.invoices;
	v_order public.orders;
	v_left bigint;
begin
	select * into v_old from public.invoices as i where i.id = invoice and i.kind = 'invoice';
	if v_old.id is null or not private.has_role(v_old.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if btrim(coalesce(reason, '')) = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	v_order := private.lock_order(v_old.order_id);
	if private.billing_faults(billing) <> '{}' and not private.has_alias(v_order.payer_person_id) then
		return jsonb_build_object('status', 'invalid', 'faults', private.billing_faults(billing));
	end if;
	v_left := private.invoice_remainder(v_old.id);
	if v_left <= 0 then return jsonb_build_object('status', 'wrong_state'); end if;
	perform private.set_audit_context(v_order.payer_person_id, btrim(reason));
	perform private.issue_invoice(
		v_order, 'credit_note', v_left, private.last_billing(v_order.id) -> 'buyer',
		private.last_billing(v_order.id) ->> 'locale', v_old.id, btrim(reason)
	);
	v_new := private.issue_invoice(
		v_order, 'invoice', v_left, billing, case when private.is_interface_language(locale) then locale else 'en' end
	);
	perform private.extend_order_for_transfer(
		v_order,
		v_new.due_on + (select s.grace_days from public.money_settings as s where s.summit_id = v_order.summit_id)
	);
	perform private.notify_order(v_order);
	return jsonb_build_object('status', 'ok', 'invoice_id', v_new.id, 'reference', v_new.reference);
end
$$;

create or replace function private.group_message_fault(p_filters jsonb, p_texts jsonb, p_original text, p_page text) returns text
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_filters) is distinct from 'object' or jsonb_typeof(p_texts) is distinct from 'object'
			then 'form'
		when length(p_filters::text) > 2000 or length(p_texts::text) > 40000 then 'long'
		when p_original is null or not p_texts ? p_original or not private.is_interface_language(p_original)
			then 'original'
		when p_page is not null and p_page not in ('', '/me', '/me/logistics', '/agenda', '/register') then 'page'
		when jsonb_typeof(coalesce(p_filters -> 'states', '[]')) <> 'array' then 'form'
		when exists (select from jsonb_each(p_texts) as t
			where not private.is_interface_language(t.key)
				or jsonb_typeof(t.value) <> 'object'
				or jsonb_typeof(t.value -> 'subject') is distinct from 'string'
				or jsonb_typeof(t.value -> 'body') is distinct from 'string'
				or length(btrim(t.value ->> 'subject')) not between 1 and 300
				or not private.is_one_line(t.value ->> 'subject')
				or length(btrim(t.value ->> 'body')) not between 1 and 8000) then 'texts'
	end
$$;

create or replace function private.mail_language(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select tag
			from public.summits as s, unnest(s.languages) with ordinality as spoken (tag, place)
			where s.id = p_summit and private.is_interface_language(tag)
			order by place
			limit 1),
		'en')
$$;

create or replace function public.save_mail_text(
	summit uuid, template text, locale text, after integer, subject text default null, body text default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := save_mail_text.summit;
	v_last public.mail_texts;
	v_subject text := nullif(btrim(save_mail_text.subject), '');
	v_body text := nullif(btrim(save_mail_text.body), '');
begin
	if not private.has_role(v_summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if save_mail_text.template !~ '^[a-z_]{3,40}$'
		or not private.is_interface_language(save_mail_text.locale)
		or save_mail_text.template is null
		or save_mail_text.locale is null
		or (v_subject is null) <> (v_body is null)
		or length(v_subject) > 600
		or length(v_body) > 8000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform pg_advisory_xact_lock(hashtextextended(
		concat_ws(':', 'mail_text', v_summit, save_mail_text.template, save_mail_text.locale), 5));
	select * into v_last
	from public.mail_texts as t
	where t.summit_id = v_summit and t.template = save_mail_text.template and t.locale = save_mail_text.locale
	order by t.version desc
	limit 1;
	if coalesce(v_last.version, 0) is distinct from after then
		return jsonb_build_object('status', 'stale', 'version', coalesce(v_last.version, 0));
	end if;
	if v_last.subject is not distinct from v_subject and v_last.body is not distinct from v_body then
		return jsonb_build_object('status', 'unchanged', 'version', after);
	end if;
	insert into public.mail_texts (summit_id, template, locale, version, subject, body, saved_by)
	values (v_summit, save_mail_text.template, save_mail_text.locale, after + 1, v_subject, v_body, private.actor());
	return jsonb_build_object('status', 'ok', 'version', after + 1);
end
$$;

create or replace function public.send_mail_test(
	summit uuid, template text, locale text, wording jsonb, combination jsonb default '{}'
) returns public.mail_test_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := send_mail_test.summit;
	v_me uuid := private.me();
	v_id uuid;
begin
	if not private.has_role(v_summit, 'registration') then return 'not_allowed'; end if;
	if send_mail_test.template !~ '^[a-z_]{3,40}$'
		or not private.is_interface_language(send_mail_test.locale)
		or length(wording::text) > 20000
		or length(combination::text) > 2000 then
		return 'invalid';
	end if;
	perform pg_advisory_xact_lock(hashtextextended('mail_test:' || v_me, 5));
	if (select count(*)
		from private.outbox as o
		where o.person_id = v_me
			and o.template = 'mail_test'
			and o.created_at > now() - interval '10 minutes') >= 10 then
		return 'too_many';
	end if;
	insert into private.outbox (person_id, template, locale, params, summit_id, priority)
	values (
		v_me,
		'mail_test',
		send_mail_test.locale,
		jsonb_build_object('template', send_mail_test.template, 'wording', wording, 'combination', combination),
		v_summit,
		5)
	returning id into v_id;
	perform private.publish_event('outbox', 'mail', v_id);
	return 'ok';
end
$$;

create or replace function private.announcement_fault(p_written jsonb) returns text
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_written -> 'texts') is distinct from 'object' then 'texts'
		when p_written ->> 'original' is null or not p_written -> 'texts' ? (p_written ->> 'original') then 'original'
		when coalesce(p_written ->> 'minutes', '') !~ '^\d{1,5}$' then 'minutes'
		when (p_written ->> 'minutes')::integer not between 1 and 10080 then 'minutes'
		when coalesce(p_written ->> 'page', '') !~ '^(/[A-Za-z0-9-]+)*$'
			or length(p_written ->> 'page') > 120 then 'page'
		when exists (
			select from jsonb_each(p_written -> 'texts') as t
			where not private.is_interface_language(t.key)
				or jsonb_typeof(t.value) <> 'object'
				or coalesce(length(btrim(t.value ->> 'title')), 0) not between 1 and 120
				or not private.is_one_line(t.value ->> 'title')
				or coalesce(length(btrim(t.value ->> 'body')), 0) > 1000
		) then 'texts'
	end
$$;
