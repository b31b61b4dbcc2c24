-- Types that several nouns share.

create type public.attendance_mode as enum ('in_person', 'virtual');

create type public.sector as enum ('government', 'intergovernmental', 'civil_society', 'private_sector');

-- Who may see a session, from open to strict: comparisons use this order.
create type public.confidentiality as enum ('public', 'members', 'chatham_house', 'closed');
