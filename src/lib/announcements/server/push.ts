import { callPrivate } from '#lib/database/server/pool.ts';
import { href, isLocale, text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import type { AddJobs, Job } from '#lib/live/server/jobs.ts';
import { pushKeys, sendPush, type PushKeys, type PushOutcome } from '#lib/live/server/push.ts';

interface Claimed {
	id: string;
	endpoint: string;
	p256dh: string;
	auth: string;
	locale: string;
	wording: { subject: string; body: string | null } | null;
	slug: string;
	summit_name: TextMap;
	page: string | null;
	is_urgent: boolean;
	seconds: number;
}

/**
 * The text for the browser, in its reader's language; for a session with a restricted audience it says only that there
 * is an announcement.
 */
function payloadOf(push: Claimed, announcement: string): string {
	const locale = isLocale(push.locale) ? push.locale : 'en';
	return withLocale(locale, () =>
		JSON.stringify({
			id: announcement,
			lang: locale,
			title: push.wording?.subject ?? text(push.summit_name).text,
			body: (push.wording ? (push.wording.body ?? '') : m.announcements_discreet()).slice(0, 600),
			url: href(`/${push.slug}${push.wording && push.page !== null ? push.page : '/announcements'}`),
			urgent: push.is_urgent
		})
	);
}

function deliver(push: Claimed, announcement: string, keys: PushKeys): Promise<PushOutcome> {
	return sendPush(keys, push, payloadOf(push, announcement), { seconds: push.seconds, isUrgent: push.is_urgent });
}

const task = 'send_pushes';

async function sendPushes(announcement: string, add: AddJobs): Promise<void> {
	const keys = pushKeys();
	if (!keys) return;
	let next: Date | undefined;
	for (;;) {
		const claimed = await callPrivate('claim_pushes', [announcement, 50]);
		if (claimed.length === 0) break;
		await Promise.all(
			claimed.map(async (push) => {
				const outcome = await deliver(push, announcement, keys);
				const [row] = await callPrivate('record_push_result', [push.id, outcome]);
				if (row?.record_push_result && (!next || row.record_push_result < next)) next = row.record_push_result;
			})
		);
	}
	if (next) await add([{ task, id: announcement, runAt: next }]);
}

/** The worker's part in pushing: each announcement at once, and a job each minute for missed and expired ones. */
export function pushJobs(): Job[] {
	return [
		{
			task,
			run: async (id, add) => (id === null ? undefined : sendPushes(id, add)),
			trigger: { kind: 'push', run: (ids, add) => add(ids.map((id) => ({ task, id, priority: 3 }))) }
		},
		{
			task: 'sweep_pushes',
			everyMinute: true,
			run: async (_id, add) => {
				await callPrivate('erase_announcement_readers');
				const due = await callPrivate('sweep_pushes');
				await add(due.map(({ id }) => ({ task, id })));
			}
		}
	];
}
