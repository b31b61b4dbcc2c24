/* What the desk has done by the middle of a Summit: most badges are printed, and what a certificate takes is set. */
import type pg from 'pg';

/** Nine of ten badges were printed the evening before; a certificate takes two hours in sessions. */
export async function insertDeskWork(client: pg.Client, summit: string): Promise<void> {
	await client.query(
		`insert into public.badge_prints (summit_id, registration_id, badge_id, layout, printed_at, printed_by)
		select b.summit_id, b.registration_id, b.id, 'a6', s.starts_on - interval '6 hours', (select g.person_id from public.role_grants as g
			where g.role = 'registration' and g.summit_id = $1 and g.ended_at is null limit 1)
		from (select b.*, row_number() over (order by b.badge_code) as n from public.badges as b where b.summit_id = $1 and b.revoked_at is null) as b
		join public.summits as s on s.id = b.summit_id where b.n % 10 <> 0`,
		[summit]
	);
	await client.query(
		`insert into public.certificate_settings (summit_id, basis, threshold, issuer_name, signatory_name, signatory_office, statement)
		values ($1, 'minutes', 120, 'Global Summit Secretariat', 'Lucía Ferrer', 'Secretary of the Summit', '{}')`,
		[summit]
	);
}
