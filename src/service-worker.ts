import { showPushes } from '#lib/announcements/notifying.ts';
import { barePath } from '#lib/i18n/locale.ts';

/*
 * Three pages work offline: my agenda, my badge and the door, each as last read, stored on this device. Nothing else is
 * stored, and the agenda contains no closed session. With a network the stored pages are never shown; signing out or in
 * deletes them.
 */
interface Lasting extends Event {
	waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
	request: Request;
	respondWith(answer: Promise<Response>): void;
}
interface Scope {
	addEventListener(kind: 'install' | 'activate', listener: (event: Lasting) => void): void;
	addEventListener(kind: 'fetch', listener: (event: Fetching) => void): void;
	addEventListener(
		kind: 'message',
		listener: (event: Lasting & { data: unknown; ports: readonly MessagePort[] }) => void
	): void;
	skipWaiting(): Promise<void>;
	clients: { claim(): Promise<void> };
}

const scope = self as unknown as Scope;
// In the order in which one replaces another page of its Summit.
const stores = {
	'my-agenda': /^\/[^/]+\/me\/agenda\/?$/,
	'my-badge': /^\/[^/]+\/me\/badge\/?$/,
	door: /^\/[^/]+\/door\/?$/
};
const storeOf = (path: string) => Object.entries(stores).find(([, pages]) => pages.test(barePath(path)))?.[0];
const comesOrGoes = /^\/(?:sign-in|sign-out|sample|account|invitation)(?:\/|$)/;
// Increases when somebody signs out: a page that is being stored for them is then discarded.
let turn = 0;

async function forget(): Promise<void> {
	turn += 1;
	await Promise.all(Object.keys(stores).map((store) => caches.delete(store)));
}

// The files that the page needs to look right: named in it or in its headers, relative to it.
function partsOf(html: string, headers: Headers): string[] {
	const text = `${html} ${headers.get('link') ?? ''}`;
	const found = [...text.matchAll(/_app\/immutable\/[\w./-]+\.(?:css|js|woff2|wasm)/g)].map(([path]) => `/${path}`);
	return [...new Set(found)];
}

async function keep(store: string, path: string): Promise<void> {
	const began = turn;
	const answer = await fetch(`${path}?keep`, { headers: { accept: 'text/html' } });
	if (!answer.ok || answer.redirected) return forget();
	const html = await answer.clone().text();
	const parts = partsOf(html, answer.headers);
	const cache = await caches.open(store);
	const isNew = parts.length === 0 || !(await cache.match(parts[0] ?? ''));
	for (const part of parts) if (!(await cache.match(part))) await cache.add(part);
	await cache.put(path, answer);
	const wanted = new Set([...parts, path].map((each) => new URL(each, location.origin).href));
	// A file that a page loaded later, such as the code scanner, stays with it until the whole site has a newer
	// version.
	for (const request of isNew ? await cache.keys() : [])
		if (!wanted.has(request.url) && storeOf(new URL(request.url).pathname) === undefined) await cache.delete(request);
	if (began !== turn) await caches.delete(store);
}

async function findCached(path: string): Promise<Response | null> {
	// Another page of the same Summit: the agenda is better than nothing, and its title says what it is.
	const summit = barePath(path).split('/')[1] ?? '';
	let same: string | undefined;
	for (const store of Object.keys(stores)) {
		if (!(await caches.has(store))) continue;
		const cache = await caches.open(store);
		const own = await cache.match(path);
		if (own) return own;
		const pages = (await cache.keys())
			.map(({ url }) => new URL(url).pathname)
			.filter((each) => storeOf(each) === store);
		same ??= pages.find((each) => each.split('/').includes(summit));
	}
	return same === undefined ? null : Response.redirect(new URL(same, location.origin).href, 302);
}

async function page(event: Fetching): Promise<Response> {
	const path = new URL(event.request.url).pathname;
	const store = storeOf(path);
	try {
		const answer = await fetch(event.request);
		if (store !== undefined) {
			if (answer.ok) event.waitUntil(keep(store, path).catch(() => undefined));
			else if (answer.type === 'opaqueredirect' || answer.status < 500) event.waitUntil(forget());
		}
		return answer;
	} catch (lost) {
		const found = await findCached(path);
		if (found) return found;
		throw lost;
	}
}

async function part(request: Request): Promise<Response> {
	for (const cacheName of Object.keys(stores)) {
		const found = (await caches.has(cacheName)) && (await caches.match(request, { cacheName }));
		if (found) return found;
	}
	const answer = await fetch(request);
	const reads = storeOf(URL.parse(request.referrer)?.pathname ?? '');
	if (reads !== undefined && answer.ok && (await caches.has(reads)))
		await (await caches.open(reads)).put(request, answer.clone());
	return answer;
}

scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('message', (event) => {
	const path = typeof event.data === 'string' ? event.data : '';
	const store = storeOf(path);
	if (store === undefined) return;
	const stored = keep(store, path).catch(() => undefined);
	event.waitUntil(stored.then(() => event.ports[0]?.postMessage('kept')));
});
scope.addEventListener('fetch', (event) => {
	const { request } = event;
	const { origin, pathname } = new URL(request.url);
	if (origin !== location.origin) return;
	if (request.method === 'POST' && comesOrGoes.test(barePath(pathname))) event.waitUntil(forget());
	else if (request.method === 'GET' && request.mode === 'navigate') event.respondWith(page(event));
	else if (request.method === 'GET' && pathname.startsWith('/_app/immutable/')) event.respondWith(part(request));
});

showPushes(self as unknown as Parameters<typeof showPushes>[0]);
