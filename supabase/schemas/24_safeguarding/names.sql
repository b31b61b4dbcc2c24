-- Names as they are compared: without case, accents, order and particles, in Latin letters, and as the consonants that
-- most ways of writing a name share. src/lib/safeguarding/names.ts does the same; a test holds the two against each
-- other.

create function private.name_in_latin(p_name text) returns text
language sql immutable set search_path = '' as $$
	select extensions.unaccent('extensions.unaccent'::regdictionary, translate(
		replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
			regexp_replace(normalize(lower(normalize(coalesce(p_name, ''), NFKC)), NFD),
				'[\u0300-\u036f\u064b-\u065f\u0670\u0640]', '', 'g'),
			'щ', 'shch'), 'ш', 'sh'), 'ч', 'ch'), 'ц', 'ts'), 'х', 'kh'), 'ж', 'zh'), 'ю', 'yu'), 'я', 'ya'), 'є',
				'ye'), 'θ', 'th'), 'χ', 'ch'), 'ψ', 'ps'),
			'ش', 'sh'), 'ث', 'th'), 'خ', 'kh'), 'ذ', 'dh'), 'غ', 'gh'), 'ة', 'a'),
		'абвгґдезиіклмнопрстуфыэαβγδεζηικλμνξοπρστυφωςابتجحدرزسصضطظعفقكلمنهويىپچڤگکیъьءʼ''’',
		'abvggdeziiklmnoprstufyeavgdeziiklmnxoprstyfosabtjhdrzssdtzafqklmnhwyypjvgky'))
$$;

create function private.name_tokens(p_name text) returns text[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(distinct token order by token), '{}')
		from regexp_split_to_table(private.name_in_latin(p_name), '[^[:alnum:]]+') as token
	where token <> '' and token not in ('al', 'el', 'de', 'da', 'do', 'dos', 'del', 'di', 'du', 'la', 'le', 'bin',
		'ibn', 'ben', 'bint', 'van', 'von', 'der', 'den')
$$;

create function private.name_skeleton(p_token text) returns text
language sql immutable set search_path = '' as $$
	select coalesce(nullif(regexp_replace(regexp_replace(translate(
		replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(p_token,
			'shch', 's'), 'sch', 's'), 'sh', 's'), 'ch', 's'), 'sz', 's'), 'zh', 's'), 'kh', 'h'), 'gh', 'g'), 'ph',
				'f'), 'th', 't'), 'dh', 'd'), 'dj', 'j'), 'x', 'ks'),
		'cqwz', 'kkvs'), '[aeiouy]', '', 'g'), '(.)\1+', '\1', 'g'), ''), p_token)
$$;

create function private.name_key(p_name text) returns text
language sql immutable set search_path = '' as $$
	select array_to_string(private.name_tokens(p_name), ' ')
$$;

create function private.name_skeletons(p_name text) returns text[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(distinct s order by s), '{}')
		from (select private.name_skeleton(token) as s from unnest(private.name_tokens(p_name)) as token) as each
$$;

-- With the sealed name of step 4: hex of two hashes. Without them nothing is kept, and nothing is found.
create function private.keep_name_hashes(p_person uuid, p jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if coalesce(p ->> 'name_key_hash', '') !~ '^[0-9a-f]{64}$'
		or coalesce(p ->> 'name_skeleton_hash', '') !~ '^[0-9a-f]{64}$' then
		return;
	end if;
	insert into private.sealed_names as x (person_id, key_hash, skeleton_hash)
	values (p_person, decode(p ->> 'name_key_hash', 'hex'), decode(p ->> 'name_skeleton_hash', 'hex'))
	on conflict (person_id) do update set key_hash = excluded.key_hash, skeleton_hash = excluded.skeleton_hash;
	perform private.note_matches(p_person);
end
$$;
