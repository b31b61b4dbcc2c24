/* An error of a page is reported with a reference and without a personal value, and the help desk finds it. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { variables } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ timeout: 120_000 });
test.use({ thrown: /Nobody is called/ });

const small = useWorld();

test('the help desk looks up the reference of an error in a browser', async ({ browser }) => {
	const { delegate, registration } = small.world.people;
	const { page } = await browserOf(browser, variables, delegate);
	// The page listens to events once its script has started; an error before that is of no page.
	const started = page.waitForRequest(/\/api\/events\?/);
	await page.goto(`/${small.world.slug}/me?q=Harbour`);
	await started;
	const asked = page.waitForRequest((request) => request.url().endsWith('/api/faults'));
	const answered = page.waitForResponse((response) => response.url().endsWith('/api/faults'));
	await page.evaluate((words) => {
		const error = new TypeError(words);
		error.stack = `TypeError: ${words}\n    at x (${location.origin}/_app/immutable/chunks/Ab_12345.js:1:2)\n    at ${location.href}:3:4`;
		setTimeout(() => {
			throw error;
		});
	}, `Nobody is called ${delegate.name} <${delegate.name}@example.org>`);
	const { reference } = (await asked).postDataJSON() as { reference: string };
	expect((await answered).status()).toBe(204);

	const desk = await browserOf(browser, variables, registration);
	const find = async () => {
		await desk.page.goto(`/${small.world.slug}/organise/help-desk/errors`);
		await desk.page.getByLabel('Reference').fill(`${reference.slice(0, 4)} ${reference.slice(4).toLowerCase()}`);
		await desk.page.getByRole('button', { name: 'Look up' }).click();
		return desk.page.getByRole('heading', { name: /^What reference / }).isVisible();
	};
	// It is written within some seconds.
	await expect.poll(find, { timeout: 30_000 }).toBe(true);
	const found = desk.page.getByRole('region', { name: /^What reference / });
	await expect(found.getByText('Reload the page.')).toBeVisible();
	await expect(found.getByText('/[summit]/me')).toBeVisible();
	expect(await faultsOfPage(desk.page)).toEqual([]);
	const { rows } = await small.client.query<{ text: string }>(
		`select f::text as text from private.faults as f join private.fault_references as r on r.fault_id = f.id where r.reference = $1`,
		[reference]
	);
	expect(rows).toHaveLength(1);
	expect(rows[0]?.text).toContain('_app/immutable/chunks/Ab_12345.js:1:2');
	for (const value of [delegate.name, '@example.org', 'Harbour', small.world.slug])
		expect(rows[0]?.text).not.toContain(value);
});

test('malformed reports are refused, and leave nothing', async ({ browser }) => {
	const { page } = await browserOf(browser, variables, null);
	await page.goto('/');
	const send = (body: unknown) =>
		page.evaluate(
			async (data) =>
				(
					await fetch('/api/faults', {
						method: 'POST',
						headers: { 'content-type': 'application/json' },
						body: JSON.stringify(data)
					})
				).status,
			body
		);
	const report = { reference: 'K7QF2M9X', kind: 'TypeError', message: '', stack: '', route: '', version: '' };
	for (const more of [{ reference: 'x' }, { kind: 'x'.repeat(61) }, { person: 'Farid' }, { message: 'x'.repeat(201) }])
		expect(await send({ ...report, ...more })).toBe(422);
	const quality = { summit: 'unknown', kind: 'stage', mode: 'watching' };
	expect(
		await page.evaluate(
			async (data) =>
				(
					await fetch('/api/stage-quality', {
						method: 'POST',
						headers: { 'content-type': 'application/json' },
						body: JSON.stringify(data)
					})
				).status,
			quality
		)
	).toBe(422);
});
