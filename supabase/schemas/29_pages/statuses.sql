-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Saving the address of a page. Taken: another page of the Summit has it.
create domain public.page_place_status as text check (value in ('ok', 'not_found', 'invalid', 'taken'));

-- Deleting a page. Published: readers see it.
create domain public.page_removal_status as text check (value in ('ok', 'not_found', 'published'));

-- Deleting a file of pages. In use: a draft or a version shows it.
create domain public.page_file_removal_status as text check (value in ('ok', 'not_found', 'in_use'));
