-- What the functions of this folder answer about an act.

-- Confirming what the products, headings and questions of a file become. Applied: the preview was applied already.
create domain public.import_mapping_status as text check (value in ('ok', 'not_found', 'invalid', 'applied'));
