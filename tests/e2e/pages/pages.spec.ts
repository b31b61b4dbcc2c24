/*
 * Every page of the sample, as somebody who has it: its outline, its layout at four widths, axe, and its language. Languages and themes
 * take turns from page to page; `PAGES=all` visits each page in each language and theme, `PAGES=ru,ar` in these languages and both themes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { locales } from '#lib/i18n/locale.ts';
import { englishMessages } from '../../fixtures/layout-faults.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { crawl, readSiteRoutes } from '../../fixtures/site-map.ts';
import { expect, test } from '../../fixtures/test.ts';
import { faultsAtEachWidth } from '../../fixtures/whole-page.ts';

const origin = process.env.E2E_ORIGIN ?? '';
const slug = 'montevideo';
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
	start: [`/${slug}/organise`, '/organise/new', '/organise/backups']
});
const areas: Record<string, Area> = {
	visitor: {
		reader: null,
		routes:
			/^\/(?:$|sign-in|status|talk|privacy|accessibility|certificates|community(?!\/campaigns|\/groups\/(?:new|\[group\]\/)|\/commitments\/(?:own|check)|\/library\/own)|\[summit\](?:$|\/(?:agenda|impact|sessions|speakers|recordings|pages|talk|privacy|accessibility|embed|screens)))/,
		start: [
			'/',
			`/${slug}`,
			'/privacy',
			'/accessibility',
			'/certificates',
			'/community',
			'/community/commitments',
			'/community/commitments/figures',
			'/community/library',
			'/talk',
			'/status',
			'/sign-in',
			'/sign-in/desk',
			'/account/signed-out',
			`/${slug}/letter`,
			`/${slug}/embed/agenda`,
			`/${slug}/screens/commitments`,
			'/community/commitments/embed',
			`/${slug}/recordings`,
			'/valletta/impact'
		]
	},
	delegate: {
		reader: 'Grace Wanjiru',
		routes: /^\/(?:account|\[summit\]\/(?:me|announcements|live|feedback|surveys))(?!.*desk)/,
		start: ['/account', `/${slug}/me`, `/${slug}/live`, `/${slug}/feedback`, '/sign-out', '/sample']
	},
	community: {
		reader: 'Lucía Ferrer',
		routes: /^\/community\/(?:campaigns|groups\/(?:new|\[group\]\/(?!meetings)))/,
		start: ['/community/groups', '/community/campaigns']
	},
	// Meetings are for the people of the group; a chair sees all their pages.
	meetings: {
		reader: 'Marguerite Lefèvre',
		routes: /^\/community\/groups\/\[group\]\/meetings/,
		start: [
			'/community/groups/REFRDATA/meetings',
			'/community/groups/REFRDATA/meetings/REFRDAM3/minutes',
			'/community/groups/REFRDATA/meetings/REFRDAM4/edit',
			'/community/groups/REFRDATA/meetings/REFRDAM6/room'
		]
	},
	registering: { reader: 'Awa Diop', routes: /^\/\[summit\]\/register/, start: [`/${slug}/register`] },
	paying: { reader: 'Priya', routes: /^\/\[summit\]\/me\/pay/, start: [`/${slug}/me/pay`, `/${slug}/me`] },
	door: { reader: 'Joaquín Montiel', routes: /^\/\[summit\]\/door/, start: [`/${slug}/door`] },
	focal: {
		reader: 'Marguerite Lefèvre',
		routes: /^\/(?:\[summit\]\/delegation|community\/(?:commitments|library)\/own)/,
		start: [
			`/${slug}/delegation`,
			`/${slug}/delegation/invited`,
			'/community/commitments/own',
			'/community/library/own'
		]
	},
	speaker: {
		reader: 'Noor van Dalen',
		routes: /^\/\[summit\]\/(?:speak|propose)/,
		start: [`/${slug}/speak`, `/${slug}/propose`, `/${slug}/propose/late/spent`]
	},
	stage: {
		reader: 'Sione Latu',
		routes: /^\/(?:\[summit\]\/live\/desk|community\/commitments\/check)/,
		start: [`/${slug}/live/desk`, '/community/commitments/check']
	},
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

/** The addresses that a reader finds by following links, from where all areas of this reader start. Two of each route are enough. */
async function addressesFor(page: Page, { reader }: Area): Promise<string[]> {
	const known = readBefore.get(reader);
	if (known) return known;
	const cookies = await page.context().cookies();
	const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
	const start = Object.values(areas).flatMap((area) => (area.reader === reader ? area.start : []));
	const found = new Map<string, number>();
	const { pages } = await crawl(origin, cookie, start, 500, (address) => {
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
		faults.push(...(await faultsAtEachWidth(page, schemes)));
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

// Pages behind a mailed link, a file that was sent or a live room: the spec that opens each shows it whole.
const openedBy: Record<string, string> = {
	'/[summit]/archived': 'organising/closing',
	'/community/groups/[group]/pages/[page]': 'groups/groups',
	'/community/groups/[group]/pages/[page]/edit': 'groups/groups',
	'/community/groups/[group]/meetings/[meeting]/room/booth/[language]': 'groups/meeting-staff',
	'/community/groups/[group]/meetings/[meeting]/room/captions/[language]': 'groups/meeting-staff',
	'/[summit]/feedback/[code]': 'evaluation/surveys',
	'/[summit]/live/[room]/booth/[language]': 'interpretation/booths',
	'/[summit]/live/[room]/booths': 'interpretation/booths',
	'/[summit]/live/[room]/captions/[language]': 'captions/captions',
	'/[summit]/live/[room]/hall': 'stage/hall',
	'/[summit]/live/[room]/large': 'recording/large-audience',
	'/[summit]/live/[room]/listen': 'interpretation/booths',
	'/[summit]/live/[room]/workshop/[run]': 'stage/workshops',
	'/[summit]/live/[room]/workshop/[run]/booth/[language]': 'stage/workshops',
	'/[summit]/live/[room]/questions': 'participation/questions',
	'/[summit]/me/paid': 'payments/paying',
	'/[summit]/me/pay/waiver': 'payments/money',
	'/[summit]/organise/agenda/exchange/[import]': 'agenda/exchange',
	'/[summit]/organise/agenda/[session]/transcript': 'captions/captions',
	'/[summit]/organise/closing': 'organising/closing',
	'/[summit]/organise/copied': 'organising/first-summit',
	'/[summit]/organise/figures/released': 'pages/linked-pages',
	'/[summit]/organise/help-desk/[registration]/category': 'registration/category',
	'/[summit]/organise/imports/[import]': 'organising/imports',
	'/[summit]/organise/members/import/[import]': 'members/members',
	'/[summit]/organise/members/requests/[id]': 'pages/linked-pages',
	'/[summit]/organise/pages/[page]/files': 'pages/writing',
	'/[summit]/organise/recordings/[recording]/trim': 'recording/trimming',
	'/[summit]/organise/recordings/[recording]/languages': 'recording/languages',
	'/[summit]/organise/registrations/decide/[batch]': 'accreditation/accreditation-bulk',
	'/[summit]/organise/safeguarding/cases/[id]': 'safeguarding/cases',
	'/[summit]/organise/setup/[step]': 'organising/first-summit',
	'/[summit]/organise/surveys/[survey]/results/[collection]': 'evaluation/surveys',
	'/[summit]/organise/surveys/[survey]/sheets': 'evaluation/surveys',
	'/[summit]/organise/views': 'organising/lists',
	'/[summit]/organise/webhooks/[endpoint]': 'organising/webhooks',
	'/[summit]/propose/[proposal]': 'proposals/proposals',
	'/[summit]/propose/invited/[token]': 'proposals/proposals',
	'/[summit]/propose/review/invited/[token]': 'proposals/committee',
	'/[summit]/rooms/[room]/[token]': 'agenda/releases',
	'/[summit]/speak/invited/[token]': 'pages/linked-pages',
	'/account/passkeys/confirm': 'accounts/passkeys',
	'/certificates/[code]': 'presence/certificates',
	'/community/commitments/agree/[token]': 'commitments/commitments',
	'/unsubscribe/[token]': 'campaigns/campaigns',
	'/invitation/[token]': 'registration/delegation',
	'/preview/[token]': 'agenda/previews'
};
// The page that the recorder films, a form sent after its session ended, and the page of a refusal, which answers with its status.
const notRead = ['/live/recorder/[key]', '/sign-in/resend', '/api/refused/[status]'];

test('each other page is whole, and every page of the site is visited here or by the spec named for it', async ({
	page
}) => {
	test.setTimeout(300_000 * Math.max(1, chosen.length));
	const visited = new Set<string>();
	const signIn = async ({ reader }: Area) => {
		await page.context().clearCookies();
		if (reader !== null) await signInAs(page, reader);
	};
	for (const area of Object.values(areas)) {
		await signIn(area);
		for (const route of (await addressesOf(page, area)).keys()) visited.add(route);
	}
	for (const area of Object.values(areas)) {
		const others = (await addressesFor(page, area)).filter((address) => !visited.has(routeOf(address) ?? ''));
		if (others.length > 0) await signIn(area);
		for (const address of others) {
			const route = routeOf(address);
			if (route === undefined || visited.has(route)) continue;
			visited.add(route);
			expect.soft(await faultsAt(page, address, visited.size), `${route} at ${address}`).toEqual([]);
		}
	}
	const named = (route: string) => openedBy[route.replace(/(organise\/setup\/)\w+$/, '$1[step]')];
	const missing = routes.filter(({ path }) => !visited.has(path) && !named(path) && !notRead.includes(path));
	expect(missing.map(({ path }) => path)).toEqual([]);
	for (const spec of new Set(Object.values(openedBy)))
		expect(readFileSync(join(import.meta.dirname, `../${spec}.spec.ts`), 'utf8'), spec).toContain('expectWholePage(');
});
