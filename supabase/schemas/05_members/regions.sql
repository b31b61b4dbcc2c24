-- The region of a member follows from its country, unless an organiser chose another one.

insert into private.country_regions (country, region)
select country, listed.region
from (values
	('Africa',
		'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU '
		'MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW'),
	('Asia',
		'AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP '
		'OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE'),
	('Europe',
		'AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD '
		'ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK'),
	('Latin America and the Caribbean',
		'AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF '
		'MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI'),
	('Northern America', 'BM CA GL PM US'),
	('Oceania', 'AQ AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS')
) as listed (region, countries), unnest(string_to_array(listed.countries, ' ')) as country;

-- Returns the region of a country; an empty text for an unknown country or none.
create function private.region_of(p_country text) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select c.region from private.country_regions as c where c.country = p_country), '')
$$;

-- A new country changes the region too, unless the old region was not that of the old country: then an organiser chose
-- it, and it is kept.
create function private.fill_region() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.region = ''
		or tg_op = 'UPDATE' and new.country is distinct from old.country and new.region = old.region
			and old.region = private.region_of(old.country) then
		new.region := private.region_of(new.country);
	end if;
	return new;
end
$$;
create trigger fill_region before insert or update of country, region on public.members
	for each row execute function private.fill_region();
create trigger fill_region before insert or update of country, region on public.summit_members
	for each row execute function private.fill_region();
