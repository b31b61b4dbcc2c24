/* What a first visit loads: bytes on the wire and requests, in a browser with an empty cache. */
import { chromium } from 'playwright';
import { chromiumPath } from '../fixtures/media-browser.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { kB, ms, print, type Figure } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

/** Bytes and requests of one cold load, without fonts; `saves`: with the browser's data saver on, which forbids preloading. */
async function coldLoad(url: string, saves = false): Promise<{ bytes: number; fonts: number; requests: number }> {
	const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
	try {
		const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
		if (saves)
			await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
		const devtools = await page.context().newCDPSession(page);
		await devtools.send('Network.enable');
		const types = new Map<string, string>();
		const found = { bytes: 0, fonts: 0, requests: 0 };
		devtools.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
		devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
			found.requests += 1;
			if (types.get(requestId) === 'Font') found.fonts += encodedDataLength;
			else found.bytes += encodedDataLength;
		});
		// An open event stream never ends, so "network idle" would not come; the load event and a quiet second do.
		await page.goto(url, { waitUntil: 'load' });
		let before = -1;
		while (before !== found.requests) {
			before = found.requests;
			await page.waitForTimeout(1000);
		}
		return found;
	} finally {
		await browser.close();
	}
}

/** How long after opening the address a press of the join button is registered, and how long until the page's script handles it. */
async function untilButton(url: string, kilobits: number): Promise<{ noted: number; acts: number }> {
	const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
	try {
		const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
		// An emulated slow connection does not change what the browser reports of its connection, as a real one does.
		const effectiveType = kilobits < 70 ? 'slow-2g' : '3g';
		await page.addInitScript((value) => Object.defineProperty(navigator, 'connection', { value }), {
			effectiveType,
			saveData: false
		});
		const devtools = await page.context().newCDPSession(page);
		await devtools.send('Network.enable');
		const bytes = (kilobits * 1000) / 8;
		await devtools.send('Network.emulateNetworkConditions', {
			offline: false,
			latency: 100,
			downloadThroughput: bytes,
			uploadThroughput: bytes
		});
		const began = performance.now();
		await page.goto(url, { waitUntil: 'commit', timeout: 120_000 });
		const until = async (isDone: () => boolean) => {
			await page.waitForFunction(isDone, undefined, { timeout: 120_000, polling: 100 });
			return performance.now() - began;
		};
		const noted = await until(() => {
			const place = document.querySelector<HTMLElement>('.needs-script');
			if (!place) return false;
			if (!place.hasAttribute('data-early-press')) return true;
			place.querySelector('button')?.click();
			return place.dataset['pressed'] !== undefined;
		});
		// Once handled, the page says that it is joining, and the button is gone.
		const acts = await until(() => document.querySelector('.needs-script[data-early-press]') === null);
		return { noted, acts };
	} finally {
		await browser.close();
	}
}

/** Measures the landing page, an agenda of 120 sessions and the stage page of a live room. */
export async function measurePages(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { slug } = await makeSummit(client, 120);
	const live = await client.query<{ address: string }>(
		`select '/' || s.slug || '/live/' || r.slug as address from public.runs join public.rooms as r on r.id = runs.room_id
		join public.summits as s on s.id = runs.summit_id where runs.state = 'live' and runs.level = 'public' limit 1`
	);
	await client.end();
	const pages: [string, string, string][] = [
		['landing', '/', '35 kB'],
		['agenda, 120 sessions', `/${slug}/agenda`, '55 kB'],
		['stage page, with what joining needs', live.rows[0]?.address ?? '', '300 kB']
	];
	const figures: Figure[] = [];
	for (const [what, path, aim] of pages) {
		if (!path) continue;
		const { bytes, fonts, requests } = await coldLoad(stack.origin + path);
		figures.push({
			what,
			value: `${kB(bytes)} and ${kB(fonts)} of fonts in ${requests} requests`,
			aim: `${aim}, fonts 80 kB`
		});
	}
	const stage = stack.origin + (live.rows[0]?.address ?? '');
	const { bytes, fonts, requests } = await coldLoad(stage, true);
	figures.push({
		what: 'stage page, before joining',
		value: `${kB(bytes)} and ${kB(fonts)} of fonts in ${requests} requests`,
		aim: '150 kB'
	});
	print('Cold load, phone', figures);
	const presses: Figure[] = [];
	for (const [kilobits, aim] of [
		[64, '12 s'],
		[400, '3 s']
	] as const) {
		const { noted, acts } = await untilButton(stage, kilobits);
		presses.push({ what: `${kilobits} kbit/s, a press is noted`, value: ms(noted), aim });
		presses.push({ what: `${kilobits} kbit/s, the page acts on it`, value: ms(acts), aim });
	}
	print('The join button on thin lines', presses);
}
