/* Messages when a camera, microphone, browser or network fails, and how to go on. */
import type { Browser, Page } from '@playwright/test';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { goOnStage, expectPlaying } from '../../fixtures/watching.ts';
import type { TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ mode: 'default', timeout: 120_000 });

const small = useWorld();

async function open(browser: Browser, who: TestPerson | null): Promise<Page> {
	const { page } = await browserOf(browser, variables, who);
	return page;
}

const stagePath = () => `/${small.world.slug}/live/plenary`;
const backstagePath = () => `${stagePath()}/backstage/${small.world.sessions.public.code}`;

/** The browser returns this error for each device until the page is told otherwise. */
function failing(page: Page, name: string): Promise<unknown> {
	return page.addInitScript((kind) => {
		const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
		Object.assign(window, { devicesFail: true });
		navigator.mediaDevices.getUserMedia = async (constraints) => {
			if ((window as unknown as { devicesFail: boolean }).devicesFail) throw new DOMException('', kind);
			return real(constraints);
		};
	}, name);
}

for (const [name, message] of [
	[
		'NotAllowedError',
		'Camera: The browser does not let this page use it. Allow it beside the address, then try again.'
	],
	['NotFoundError', 'Camera: None was found. Connect one, then try again.'],
	['NotReadableError', 'Camera: Another program is using it. Close that program, then try again.']
] as const) {
	test(`explains a device that answers ${name}, and lets the speaker try again`, async ({ browser }) => {
		const page = await open(browser, small.world.people.speaker);
		await failing(page, name);
		await page.goto(backstagePath());
		await page.getByRole('button', { name: 'Check camera and microphone' }).click();
		await expect(page.getByRole('alert')).toHaveText(message);
		await page.evaluate('devicesFail = false');
		await page.getByRole('button', { name: 'Try again' }).click();
		await expect(page.getByRole('alert')).toHaveCount(0);
		await expect(page.locator('video.mirror')).toBeVisible();
	});
}

test('tells a speaker on stage that their camera failed, keeps the rest, and tries again', async ({ browser }) => {
	const page = await open(browser, small.world.people.speaker);
	await page.goto(backstagePath());
	await goOnStage(page, small.world.people.speaker.name);
	await page.getByRole('button', { name: 'Camera' }).click();
	await page.evaluate(() => {
		const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
		let failures = 1;
		navigator.mediaDevices.getUserMedia = (constraints) =>
			failures-- > 0 ? Promise.reject(new DOMException('', 'NotReadableError')) : real(constraints);
	});
	await page.getByRole('button', { name: 'Camera' }).click();
	const sentence = page.getByText('Camera: Another program is using it.');
	await expect(sentence).toBeVisible();
	await expect(page.getByRole('button', { name: 'Camera : In use by another program' })).toBeVisible();
	await page.getByRole('button', { name: 'Try again' }).click();
	await expect(sentence).toHaveCount(0);
	await expectPlaying(page, small.world.people.speaker.name);
});

test('tells a browser without WebRTC what to use instead', async ({ browser }) => {
	const old = await open(browser, null);
	await old.addInitScript('delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection');
	await old.goto(stagePath());
	await old.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(old.getByText('It has no WebRTC, or it was switched off.')).toBeVisible();
});
