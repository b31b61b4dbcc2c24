import type { Page } from '@playwright/test';
import pg from 'pg';
import { signBadge } from '../../../src/lib/door/badge.ts';
import { readBadgeKeys } from '../../../src/lib/door/server/badge-key.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { stackVariable } from '../../fixtures/engines.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { expect, test } from '../../fixtures/test.ts';

interface SampleBadge {
	id: string;
	badge_code: string;
	summit: string;
	name: string;
}

/** Badges of delegates who are not checked in yet, another for each test. */
async function findBadges(skip: number): Promise<SampleBadge> {
	const client = new pg.Client({ connectionString: stackVariable('DATABASE_URL') });
	await client.connect();
	const { rows } = await client.query<SampleBadge>(
		`select b.id, b.badge_code, b.summit_id as summit, p.display_name as name from public.badges as b
		join public.registrations as r on r.id = b.registration_id join public.people as p on p.id = r.person_id
		join public.summits as s on s.id = b.summit_id
		where s.slug = 'montevideo' and b.revoked_at is null and r.state = 'confirmed' and r.category = 'delegate'
			and not exists (select from public.presence where person_id = r.person_id and summit_id = s.id and kind = 'door')
		order by b.badge_code offset $1 limit 1`,
		[skip]
	);
	await client.end();
	if (!rows[0]) throw new Error('the sample has no such badge');
	return rows[0];
}

async function codeOf(badge: SampleBadge): Promise<string> {
	const { signer } = await readBadgeKeys(stackVariable('BADGE_KEY'));
	return signBadge({ badge: badge.id, summit: badge.summit, mode: 'in_person', days: [0, 1] }, signer);
}

async function show(page: Page, code: string): Promise<void> {
	await page.getByLabel('QR code or badge code').fill(code);
	await page.getByLabel('QR code or badge code').press('Enter');
}

for (const [skip, javaScriptEnabled] of [true, false].entries()) {
	test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
		test.use({ javaScriptEnabled });

		test('admits a badge once, and never a forged, altered or foreign one', async ({ page }) => {
			const badge = await findBadges(skip * 7);
			const code = await codeOf(badge);
			await signInAs(page, 'Joaquín Montiel');
			await page.goto('/montevideo/door');
			const answer = page.getByRole('alert');
			const middle = code.charAt(60) === 'A' ? 'B' : 'A';
			await show(page, code.slice(0, 60) + middle + code.slice(61));
			await expect(answer).toContainText('Not our badge');
			await expect(answer).not.toContainText(badge.name);
			await show(page, await codeOf({ ...badge, summit: badge.id }));
			await expect(answer).toContainText('Of another Summit');
			await show(page, 'nonsense <script>');
			await expect(answer).toContainText('Cannot be read');
			await show(page, code);
			await expect(answer).toContainText('Let in');
			await expect(answer).toContainText(badge.name);
			await show(page, badge.badge_code.toLowerCase());
			await expect(answer).toContainText('Already checked in');
			await show(page, '');
			await expect(page.getByText('Scan or write a code.').first()).toBeVisible();
		});
	});
}

test('shows door staff nothing but the door, and the door to nobody else @phone', async ({ page }) => {
	await signInAs(page, 'Joaquín Montiel');
	await page.goto('/montevideo/door');
	expect(await faultsOfPage(page)).toEqual([]);
	for (const path of ['organise/registrations', 'organise/agenda', 'organise/settings', 'organise/roles'])
		expect((await page.goto(`/montevideo/${path}`))?.status(), path).toBe(403);
	await signInAs(page, 'Farid Haddad');
	expect((await page.goto('/montevideo/door'))?.status()).toBe(403);
});
