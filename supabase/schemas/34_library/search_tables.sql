-- What the search keeps of things whose texts are elsewhere, so that it does not read them again for each query.

-- The words of released sessions.
create table private.session_words (
	release_id uuid not null,
	session_id uuid not null,
	words tsvector not null,
	primary key (release_id, session_id),
	foreign key (release_id, session_id)
		references public.release_sessions (release_id, session_id) on delete cascade
);
alter table private.session_words enable row level security;

-- The words of the versions of commitments.
create table private.commitment_words (
	commitment_id uuid not null,
	number integer not null,
	words tsvector not null,
	primary key (commitment_id, number),
	foreign key (commitment_id, number)
		references private.commitment_versions (commitment_id, number) on delete cascade
);
alter table private.commitment_words enable row level security;

-- The words of the files of published versions without their positions (private.file_vector), each file by itself: all
-- together may be too long for one vector.
create table private.library_file_words (
	item_id uuid not null,
	number integer not null,
	language text not null,
	words tsvector not null,
	-- As in private.library_publications, for the indexes.
	needs text[] not null,
	primary key (item_id, number, language),
	foreign key (item_id, number) references private.library_publications (item_id, number) on delete cascade
);
create index on private.library_file_words using gin (words) with (fastupdate = off) where needs = '{}';
create index on private.library_file_words using gin (private.words_with_needs(words, needs)) with (fastupdate = off)
	where needs <> '{}';
alter table private.library_file_words enable row level security;

-- The Chinese characters of these files as they follow each other (private.parts_of_characters): a longer run in a query
-- is compared with those whose words have all its pairs.
create table private.library_file_characters (
	item_id uuid not null,
	number integer not null,
	language text not null,
	part integer not null,
	characters text not null,
	primary key (item_id, number, language, part),
	foreign key (item_id, number) references private.library_publications (item_id, number) on delete cascade
);
alter table private.library_file_characters enable row level security;

-- The words of titles, summaries and authors of published versions, and of the titles of released sessions and of
-- commitments: from those of what its reader sees, a misspelt word is corrected.

-- The words of a published version, and who reads it when. `shown_from` is -infinity where it was shown when it was
-- indexed, so that most versions have the same times; one that will not be shown again has no row.
create table private.search_terms (
	item_id uuid not null,
	number integer not null,
	needs text[] not null,
	shown_from timestamptz not null,
	shown_until timestamptz not null,
	words text[] not null,
	primary key (item_id, number),
	foreign key (item_id, number) references private.library_publications (item_id, number) on delete cascade
);
alter table private.search_terms enable row level security;

-- Each of these words once for the same readers and times, however many documents have it, and how many have.
create table private.search_words (
	needs text[] not null,
	shown_from timestamptz not null,
	shown_until timestamptz not null,
	word text not null check (length(word) between 4 and 40),
	documents integer not null check (documents >= 0),
	primary key (word, needs, shown_from, shown_until)
);
create index on private.search_words using gin (word extensions.gin_trgm_ops) with (fastupdate = off) where needs = '{}';
create index on private.search_words using gin (word extensions.gin_trgm_ops) with (fastupdate = off) where needs <> '{}';
alter table private.search_words enable row level security;

create table private.session_terms (
	release_id uuid not null,
	session_id uuid not null,
	word text not null check (length(word) between 4 and 40),
	primary key (release_id, session_id, word),
	foreign key (release_id, session_id) references private.session_words (release_id, session_id) on delete cascade
);
create index on private.session_terms using gin (word extensions.gin_trgm_ops);
alter table private.session_terms enable row level security;

create table private.commitment_terms (
	commitment_id uuid not null,
	number integer not null,
	word text not null check (length(word) between 4 and 40),
	primary key (commitment_id, number, word),
	foreign key (commitment_id, number) references private.commitment_words (commitment_id, number) on delete cascade
);
create index on private.commitment_terms using gin (word extensions.gin_trgm_ops);
alter table private.commitment_terms enable row level security;

create index caption_lines_words on private.caption_lines
	using gin (to_tsvector(private.search_configuration(language), private.part_words(words)))
	where is_kept and is_final;
