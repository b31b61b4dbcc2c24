/* Booths as interpreters and those who run the session use them: the cough key, access, the end of a session. */
import { faultsInBothThemes } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { callFunction } from '../../fixtures/interpreting.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { useInterpretedStage } from '../../fixtures/interpreted-stage.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const stage = useInterpretedStage();

test('mutes a cough by its key whatever has the focus, and types a space in a text field', async ({ browser }) => {
	const booth = await stage.enterBooth(browser, stage.anna);
	const microphone = booth.getByRole('button', { name: /^Microphone/ });
	await microphone.click();
	await microphone.click();
	for (const place of [microphone, booth.getByRole('radio').first(), booth.locator('body')]) {
		await place.focus();
		await booth.keyboard.down('c');
		await expect(microphone).toHaveText(/Off/);
		await booth.keyboard.up('c');
		await expect(microphone).toHaveText(/On/);
	}
	const words = booth.getByRole('textbox');
	await words.pressSequentially('cc');
	await expect(words).toHaveValue('cc');
	await words.focus();
	await booth.keyboard.down('c');
	await expect(words).toHaveValue('ccc');
	await expect(microphone).toHaveText(/On/);
	await booth.keyboard.up('c');
});

test('opens booths only to their interpreters and those who run the session', async ({ browser }) => {
	const { people, slug } = stage.world;
	for (const who of [people.delegate, people.speaker, null]) {
		const page = await stage.open(browser, who, `/${slug}/live`);
		for (const path of ['booth/fr', 'booth/de', 'booths']) {
			const answer = await page.goto(`${stage.stagePath}/${path}`);
			expect([path, who ? answer?.status() : new URL(page.url()).pathname]).toEqual([path, who ? 404 : '/sign-in']);
		}
	}
	const manager = await browserOf(browser, variables, people.stage, { javaScriptEnabled: false });
	await manager.page.goto(`${stage.stagePath}/booths`);
	const french = manager.page.getByRole('region', { name: 'French' });
	await french.getByRole('listitem').filter({ hasText: 'Bruno' }).getByRole('button', { name: 'Put on air' }).click();
	await expect(french.getByRole('listitem').filter({ hasText: 'Bruno' })).toContainText('On air');
	await manager.page.getByLabel('Language code', { exact: true }).fill('pt-BR');
	await manager.page.getByRole('button', { name: 'Open a booth' }).click();
	await expect(manager.page.getByRole('region', { name: 'Brazilian Portuguese' })).toBeVisible();
	await manager.page.getByLabel('Language code', { exact: true }).fill('Portuguese');
	await manager.page.getByRole('button', { name: 'Open a booth' }).click();
	await expect(manager.page.getByText('This is no language code.').first()).toBeVisible();
});

test('passes axe on the pages of interpreters and listeners in both themes', async ({ browser }) => {
	await callFunction(stage.client, stage.anna, 'send_booth_message', stage.world.run, 'fr', 'Ready when you are');
	const { context, page } = await browserOf(browser, variables, stage.anna);
	const other = await browserOf(browser, variables, stage.chair);
	await page.goto(`${stage.stagePath}/booth/fr`);
	await page.getByRole('button', { name: 'Enter the booth' }).click();
	await page.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(page.getByText('You are on air: French')).toBeVisible();
	await expectWholePage(page);
	await page.goto(`${stage.stagePath}/listen`);
	await expectWholePage(page);
	await other.page.goto(`${stage.stagePath}/booths`);
	await expectWholePage(other.page);
	await other.page.goto(stage.stagePath);
	await other.page.getByRole('button', { name: 'Watch and listen' }).click();
	await other.page.getByRole('button', { name: /^Language/ }).click();
	expect(await faultsInBothThemes(other.page)).toEqual([]);
	await context.close();
});

test('tells a booth that its session ended, without an error page', async ({ browser }) => {
	const booth = await stage.open(browser, stage.anna, `${stage.stagePath}/booth/fr`);
	await expect(booth.getByRole('button', { name: 'Enter the booth' })).toBeEnabled();
	await stage.client.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [stage.world.run]);
	await expect(booth.getByRole('status').getByText('This session has ended.')).toBeVisible();
	await expect(booth.getByRole('link', { name: 'What is on in other rooms' })).toBeVisible();
});
