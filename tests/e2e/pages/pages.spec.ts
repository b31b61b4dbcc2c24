/*
 * Every page of the sample, as somebody who has it: its outline, its layout at four widths, axe, and its language. Languages and themes
 * take turns from page to page; `PAGES=all` visits each page in each language and theme, `PAGES=ru,ar` in these languages and both themes.
 */
import type { Page } from '@playwright/test';
import { locales } from '#lib/i18n/locale.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { englishMessages, layoutFaults } from '../../fixtures/layout-faults.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { crawl, readSiteRoutes } from '../../fixtures/site-map.ts';
import { expect, test } from '../../fixtures/test.ts';

const origin = process.env.E2E_ORIGIN ?? '';
const slug = 'montevideo';
const widths = [390, 768, 1440, 1920];
const { PAGES } = process.env;
const chosen = PAGES === 'all' ? locales : locales.filter((language) => PAGES?.split(',').includes(language));

interface Area {
	/** Whose pages they are, by name on the page of sample people; null: a visitor's. */
	reader: string | null;
	routes: RegExp;
	start: string[];
}
const organise = (letters: string): Area => ({
	reader: 'Lucía Ferrer',
	routes: new RegExp(`^(?:/\\[summit\\])?/organise/[${letters}](?!afeguarding)`),
	start: [`/${slug}/organise`, '/organise/new']
});
const areas: Record<string, Area> = {
	visitor: {
		reader: null,
		routes:
			/^\/(?:$|sign-in|talk|privacy|accessibility|certificates|community|\[summit\](?:$|\/(?:agenda|sessions|speakers|pages|talk|privacy|accessibility|embed)))/,
		start: [
			'/',
			`/${slug}`,
			'/privacy',
			'/accessibility',
			'/certificates',
			'/community',
			'/talk',
			'/sign-in',
			'/sign-in/desk',
			`/${slug}/embed/agenda`
		]
	},
	delegate: {
		reader: 'Grace Wanjiru',
		routes: /^\/(?:account|\[summit\]\/(?:me|announcements|live))(?!.*desk)/,
		start: ['/account', `/${slug}/me`, `/${slug}/live`]
	},
	registering: { reader: 'Awa Diop', routes: /^\/\[summit\]\/register/, start: [`/${slug}/register`] },
	paying: { reader: 'Priya', routes: /^\/\[summit\]\/me\/pay/, start: [`/${slug}/me/pay`, `/${slug}/me`] },
	door: { reader: 'Joaquín Montiel', routes: /^\/\[summit\]\/door/, start: [`/${slug}/door`] },
	focal: { reader: 'Marguerite Lefèvre', routes: /^\/\[summit\]\/delegation/, start: [`/${slug}/delegation`] },
	speaker: {
		reader: 'Noor van Dalen',
		routes: /^\/\[summit\]\/(?:speak|propose)/,
		start: [`/${slug}/speak`, `/${slug}/propose`]
	},
	stage: { reader: 'Sione Latu', routes: /^\/\[summit\]\/live\/desk/, start: [`/${slug}/live/desk`] },
	safeguarding: {
		reader: 'Ileana Duarte',
		routes: /^\/\[summit\]\/organise\/(?:safeguarding|reveals|help-desk\/protected)/,
		start: [`/${slug}/organise`]
	},
	// Needs are shown to their team, not to an owner.
	needs: { reader: 'Emeka Nwosu', routes: /^\/\[summit\]\/organise\/needs/, start: [`/${slug}/organise/needs`] },
	'organisers, a to d': organise('a-d'),
	'organisers, e to l': organise('e-l'),
	'organisers, m to q': organise('m-q'),
	'organisers, r to z': organise('r-z')
};

const routes = readSiteRoutes()
	.filter(({ isPage }) => isPage)
	.map(({ path }) => ({
		path,
		parameters: path.split('[').length,
		pattern: new RegExp(`^${path.replace(/\[[^\]]+\]/g, '[^/]+')}$`)
	}))
	// "/settings/texts" before "/settings/[list]".
	.sort((a, b) => a.parameters - b.parameters);
const routeOf = (address: string) => routes.find(({ pattern }) => pattern.test(address.replace(/\?.*/, '')))?.path;

// By reader: organisers have several areas, and to read all their pages takes long.
const readBefore = new Map<string | null, string[]>();

/** The addresses that a reader finds by following links. Two of each route are enough. */
async function addressesFor(page: Page, { reader, start }: Area): Promise<string[]> {
	const known = readBefore.get(reader);
	if (known) return known;
	const cookies = await page.context().cookies();
	const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
	const found = new Map<string, number>();
	const { pages } = await crawl(origin, cookie, start, 300, (address) => {
		const route = routeOf(address);
		if (route === undefined) return false;
		const count = (found.get(route) ?? 0) + 1;
		found.set(route, count);
		return count <= 2;
	});
	readBefore.set(reader, pages);
	return pages;
}

/** One address of each route of the area. */
async function addressesOf(page: Page, area: Area): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const address of await addressesFor(page, area)) {
		const route = routeOf(address);
		if (route !== undefined && area.routes.test(route) && !found.has(route)) found.set(route, address);
	}
	return found;
}

async function faultsAt(page: Page, address: string, index: number): Promise<string[]> {
	const faults: string[] = [];
	const languages = chosen.length > 0 ? chosen : locales.slice(index % locales.length).slice(0, 1);
	const schemes = (['light', 'dark'] as const).filter((_, place) => chosen.length > 0 || place === (index >> 2) % 2);
	for (const language of languages) {
		await page.goto(language === 'en' ? address : `/${language}${address === '/' ? '' : address}`);
		for (const width of widths) {
			await page.setViewportSize({ width, height: 900 });
			faults.push(...(await layoutFaults(page)));
		}
		for (const colorScheme of schemes) {
			await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
			faults.push(...(await faultsOfPage(page)));
		}
		if (language !== 'en') faults.push(...(await englishMessages(page, language)));
	}
	return [...new Set(faults)];
}

for (const [name, area] of Object.entries(areas))
	test(`each page is whole at each width, in each theme and language: ${name}`, async ({ page }) => {
		test.setTimeout(300_000 * Math.max(1, chosen.length));
		if (area.reader !== null) await signInAs(page, area.reader);
		const addresses = await addressesOf(page, area);
		expect(addresses.size).toBeGreaterThan(0);
		let index = 0;
		for (const [route, address] of addresses) {
			const faults = await faultsAt(page, address, index);
			expect.soft(faults, `${route} at ${address}`).toEqual([]);
			index += 1;
		}
	});
