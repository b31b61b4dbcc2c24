-- Names as they are compared with the watch list: without case, accents, order and particles, in Latin letters; and as
-- the consonants that most spellings of a name share. src/lib/safeguarding/names.ts does the same; a test compares the
-- two.

-- A name in lower case and Latin letters, without accents. Letters that become several are replaced first, the others
-- by translate; the letters at the end of its first list, which have no partner in the second, are removed.
create function private.name_in_latin(p_name text) returns text
language sql immutable set search_path = '' as $$
	select extensions.unaccent('extensions.unaccent'::regdictionary, translate(
		replace(replace(replace(replace(replace(replace(replace(replace(replace(
		replace(replace(replace(replace(replace(replace(replace(replace(replace(
			regexp_replace(normalize(lower(normalize(coalesce(p_name, ''), NFKC)), NFD),
				'[\u0300-\u036f\u064b-\u065f\u0670\u0640]', '', 'g'),
			'щ', 'shch'), 'ш', 'sh'), 'ч', 'ch'), 'ц', 'ts'), 'х', 'kh'), 'ж', 'zh'), 'ю', 'yu'), 'я', 'ya'),
			'є', 'ye'), 'θ', 'th'), 'χ', 'ch'), 'ψ', 'ps'),
			'ش', 'sh'), 'ث', 'th'), 'خ', 'kh'), 'ذ', 'dh'), 'غ', 'gh'), 'ة', 'a'),
		'абвгґдезиіклмнопрстуфыэαβγδεζηικλμνξοπρστυφωςابتجحدرزسصضطظعفقكلمنهويىپچڤگکیъьءʼ''’',
		'abvggdeziiklmnoprstufyeavgdeziiklmnxoprstyfosabtjhdrzssdtzafqklmnhwyypjvgky'))
$$;

-- The words of a name, each once, in alphabetical order, without particles.
create function private.name_tokens(p_name text) returns text[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(distinct token order by token), '{}')
	from regexp_split_to_table(private.name_in_latin(p_name), '[^[:alnum:]]+') as token
	where token <> ''
		and token not in ('al', 'el', 'de', 'da', 'do', 'dos', 'del', 'di', 'du', 'la', 'le', 'bin', 'ibn', 'ben',
			'bint', 'van', 'von', 'der', 'den')
$$;

-- The consonants of a word, with similar sounds made equal and doubles made single; the word itself when it has none.
create function private.name_skeleton(p_token text) returns text
language sql immutable set search_path = '' as $$
	select coalesce(nullif(regexp_replace(regexp_replace(translate(
		replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(p_token,
			'shch', 's'), 'sch', 's'), 'sh', 's'), 'ch', 's'), 'sz', 's'), 'zh', 's'), 'kh', 'h'), 'gh', 'g'),
			'ph', 'f'), 'th', 't'), 'dh', 'd'), 'dj', 'j'), 'x', 'ks'),
		'cqwz', 'kkvs'), '[aeiouy]', '', 'g'), '(.)\1+', '\1', 'g'), ''), p_token)
$$;

-- The words of a name as one text: equal for names that differ only in case, accents, order and particles.
create function private.name_key(p_name text) returns text
language sql immutable set search_path = '' as $$
	select array_to_string(private.name_tokens(p_name), ' ')
$$;

-- The skeletons of the words of a name, each once.
create function private.name_skeletons(p_name text) returns text[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(distinct s order by s), '{}')
	from (select private.name_skeleton(token) as s
		from unnest(private.name_tokens(p_name)) as token) as each
$$;

-- Stores the hashes of a sealed name, which the app computes with its own key (name_key_hash and name_skeleton_hash, in
-- hex), and looks for matches. Without both hashes nothing is stored.
create function private.save_name_hashes(p_person uuid, p jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if coalesce(p ->> 'name_key_hash', '') !~ '^[0-9a-f]{64}$'
		or coalesce(p ->> 'name_skeleton_hash', '') !~ '^[0-9a-f]{64}$'
	then
		return;
	end if;
	insert into private.sealed_name_hashes as x (person_id, key_hash, skeleton_hash)
	values (p_person, decode(p ->> 'name_key_hash', 'hex'), decode(p ->> 'name_skeleton_hash', 'hex'))
	on conflict (person_id) do update set key_hash = excluded.key_hash, skeleton_hash = excluded.skeleton_hash;
	perform private.save_watch_list_matches(p_person);
end
$$;
