-- The organisers' own texts for the mails of a Summit. The app judges their placeholders where the mail is written.

-- The own text {subject, body} in force for a mail in a language; null: the default text.
create function private.custom_mail_text(p_summit uuid, p_template text, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when t.subject is not null then jsonb_build_object('subject', t.subject, 'body', t.body) end
	from public.mail_texts as t
	where t.summit_id = p_summit and t.template = p_template and t.locale = p_locale
	order by t.version desc
	limit 1
$$;

-- All versions of one mail or of all, the newest first:
-- [{template, locale, version, subject, body, saved_at, saved_by}]. Null when not allowed.
create function public.list_mail_texts(summit uuid, template text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'template', t.template,
		'locale', t.locale,
		'version', t.version,
		'subject', t.subject,
		'body', t.body,
		'saved_at', private.iso(t.saved_at),
		'saved_by', p.display_name)
		order by t.template, t.locale, t.version desc) filter (where t.id is not null), '[]')
	from (select) as always
	left join public.mail_texts as t on t.summit_id = list_mail_texts.summit
		and (list_mail_texts.template is null or t.template = list_mail_texts.template)
	left join public.people as p on p.id = t.saved_by
	where private.has_role(list_mail_texts.summit, 'registration')
	having private.has_role(list_mail_texts.summit, 'registration')
$$;
grant execute on function public.list_mail_texts(uuid, text) to authenticated;

-- Saves a version after version `after` (0: the first); subject and body null: back to the default text.
-- {status: ok | unchanged | stale | invalid | not_allowed, version}. Locks the text by Summit, mail and language, so
-- that two savings at once do not both follow the same version.
create function public.save_mail_text(
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
grant execute on function public.save_mail_text(uuid, text, text, integer, text, text) to authenticated;

-- Queues a mail with sample data to the organiser who asks, in a language of their choice. Answers ok, too_many (ten in
-- ten minutes), invalid or not_allowed. Locks by person, so that the limit holds.
create function public.send_mail_test(
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
grant execute on function public.send_mail_test(uuid, text, text, jsonb, jsonb) to authenticated;

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.mail_texts', 'registration', '{template,locale,version,subject,body}', '{}', '{}');
