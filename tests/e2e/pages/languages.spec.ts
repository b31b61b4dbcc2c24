/* A browser gets the texts of the reader's language and of no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { locales, type Locale } from '#lib/i18n/locale.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { expect, test } from '../../fixtures/test.ts';

const folder = resolve(import.meta.dirname, '../../../src/lib/i18n/messages');

/** The longer texts of a language that no other language has, as they are in a script. */
function textsOf(locale: Locale): string[] {
	const read = (language: Locale) =>
		readdirSync(folder).flatMap((noun) =>
			Object.values(
				JSON.parse(readFileSync(join(folder, noun, `${language}.json`), 'utf8')) as Record<string, unknown>
			).filter((text): text is string => typeof text === 'string' && text.length > 12 && !/[{"\n]/.test(text))
		);
	const others = new Set(locales.filter((other) => other !== locale).flatMap(read));
	return read(locale).filter((text) => !others.has(text));
}

const texts = Object.fromEntries(locales.map((locale) => [locale, textsOf(locale)])) as Record<Locale, string[]>;

for (const locale of ['en', 'fr', 'ar'] as const)
	test(`scripts have the texts of the page’s language alone: ${locale}`, async ({ page }) => {
		await signInAs(page, 'Grace Wanjiru');
		const faults: string[] = [];
		page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
		page.on('pageerror', (error) => faults.push(error.message));
		const prefix = locale === 'en' ? '' : `/${locale}`;
		for (const path of ['/montevideo/me', '/montevideo/live', '/account']) {
			const scripts: Promise<string>[] = [];
			page.on('response', (response) => {
				// A script that the page before was still loading has no text any more.
				const read = () => response.text().catch(() => '');
				if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(read());
			});
			await page.goto(prefix + path, { waitUntil: 'networkidle' });
			page.removeAllListeners('response');
			// A text without values is written between quotation marks.
			const code = new Set((await Promise.all(scripts)).flatMap((script) => script.split('"')));
			const found = locales.filter((other) => texts[other].some((text) => code.has(text)));
			expect(found, path).toEqual([locale]);
		}
		expect(faults).toEqual([]);
	});

test('another language loads the whole page again, with its scripts', async ({ page }) => {
	await signInAs(page, 'Grace Wanjiru');
	await page.goto('/fr/montevideo/me', { waitUntil: 'networkidle' });
	const loaded = page.waitForResponse(/\/_app\/immutable\/es\/entry\/start/);
	await page.goto('/es/montevideo/me');
	expect((await loaded).status()).toBe(200);
	await expect(page.locator('html')).toHaveAttribute('lang', 'es');
});
