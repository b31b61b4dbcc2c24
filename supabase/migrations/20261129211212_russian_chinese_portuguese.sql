-- Pages are in Russian, Chinese and Portuguese too.

create or replace function private.is_interface_language(p_language text) returns boolean
language sql immutable parallel safe
return p_language in ('en', 'fr', 'es', 'ar', 'ru', 'zh', 'pt');
