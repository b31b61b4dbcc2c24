-- Whether a text has anything to be seen: not only spaces and letters without a shape, those of the higher planes too.
create or replace function private.says_something(p_text text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_text, '') ~ '[^[:space:]\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]'
$$;
