-- What the functions of this folder answer about an act.

-- Making a key. Too many: the Summit has twenty that can be used.
create domain public.api_key_status as text check (value in ('ok', 'not_allowed', 'invalid', 'too_many'));

-- Whether a key may be used now. Not entitled: its maker is no owner any more.
create domain private.api_key_state as text check (value in ('ok', 'revoked', 'expired', 'not_entitled'));
