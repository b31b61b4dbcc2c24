/* The service worker's part: shows a push message as a notification, which opens its page. */

import { direction } from '#lib/i18n/locale.ts';

interface Pushed {
	id: string;
	lang: string;
	title: string;
	body: string;
	url: string;
	urgent: boolean;
}

interface PushLike extends Event {
	data: { json(): unknown } | null;
	waitUntil(work: Promise<unknown>): void;
}
interface ClickLike extends Event {
	notification: Notification;
	waitUntil(work: Promise<unknown>): void;
}
interface Worker {
	addEventListener(kind: 'push', listener: (event: PushLike) => void): void;
	addEventListener(kind: 'notificationclick', listener: (event: ClickLike) => void): void;
	registration: ServiceWorkerRegistration;
	clients: {
		matchAll(options: { type: 'window' }): Promise<readonly { url: string; focus(): Promise<unknown> }[]>;
		openWindow(url: string): Promise<unknown>;
	};
}

async function open(worker: Worker, url: string): Promise<void> {
	const target = new URL(url, location.origin);
	// We write the push content; still, only our own pages are opened.
	if (target.origin !== location.origin) return;
	const windows = await worker.clients.matchAll({ type: 'window' });
	const there = windows.find((each) => each.url === target.href);
	if (there) await there.focus();
	else await worker.clients.openWindow(target.href);
}

/** Shows push messages that this browser receives. */
export function showPushes(worker: Worker): void {
	worker.addEventListener('push', (event) => {
		const pushed = event.data?.json() as Pushed | undefined;
		if (!pushed) return;
		event.waitUntil(
			worker.registration.showNotification(pushed.title, {
				body: pushed.body,
				lang: pushed.lang,
				dir: direction(pushed.lang),
				// A repeated push replaces the earlier notification.
				tag: pushed.id,
				icon: '/icon-180.png',
				requireInteraction: pushed.urgent,
				data: { url: pushed.url }
			})
		);
	});
	worker.addEventListener('notificationclick', (event) => {
		event.notification.close();
		const { url } = event.notification.data as { url: string };
		event.waitUntil(open(worker, url));
	});
}
