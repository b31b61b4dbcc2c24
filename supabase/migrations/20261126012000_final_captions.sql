-- Requests of an engine may overtake each other: a half line that comes after its whole one is old. It undid the whole one, which was then
-- no final line and erased with the end of the session. What is said anew much later lasts no longer for it either.
create function private.keep_final_caption() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.ends := old.ends;
	if not new.is_final then
		new.is_final := true;
		new.words := old.words;
		new.is_kept := old.is_kept;
	end if;
	return new;
end
$$;
create trigger keep_final before update of words, ends on private.caption_lines for each row
	when (old.is_final) execute function private.keep_final_caption();
