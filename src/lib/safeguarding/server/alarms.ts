import { callPrivate } from '#lib/database/server/pool.ts';
import type { PrivateRow } from '#lib/database/calls.ts';
import { href, isLocale, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import type { AddJobs, Job } from '#lib/live/server/jobs.ts';
import { pushKeys, sendPush } from '#lib/live/server/push.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import { sendSms, smsProvider } from './sms.ts';

type Call = PrivateRow<'claim_alarm_calls'>;

const task = 'send_alarms';

// What arrives says that something waits, and nothing else.
function wordsOf({ locale, summit_name, slug }: Call) {
	return withLocale(isLocale(locale) ? locale : 'en', () => ({
		title: text(summit_name).text,
		body: m.safeguarding_alarm(),
		url: href(`/${slug}/organise/safeguarding/concerns`)
	}));
}

async function pushTo(call: Call, subscription: { endpoint: string; p256dh: string; auth: string }) {
	const keys = pushKeys();
	if (!keys) return 'gone' as const;
	const payload = JSON.stringify({ id: call.id, lang: call.locale, ...wordsOf(call), urgent: true });
	return sendPush(keys, subscription, payload, { seconds: 600, isUrgent: true });
}

async function textTo(call: Call, sealed: Buffer, keyId: string) {
	const provider = smsProvider();
	if (!provider) return 'gone' as const;
	const number = theSealer().tryOpen(sealed, keyId, contexts.onCallPhone);
	if (number === null) return 'gone' as const;
	const { title, body } = wordsOf(call);
	return sendSms(provider, number, `${title}: ${body}`);
}

function send(call: Call) {
	const { endpoint, p256dh, auth, number_sealed, key_id } = call;
	if (endpoint !== null && p256dh !== null && auth !== null) return pushTo(call, { endpoint, p256dh, auth });
	if (number_sealed !== null && key_id !== null) return textTo(call, number_sealed, key_id);
	return Promise.resolve('gone' as const);
}

async function sendAlarms(add: AddJobs, alarm: string): Promise<void> {
	let next: Date | undefined;
	for (;;) {
		const calls = await callPrivate('claim_alarm_calls', [50]);
		if (calls.length === 0) break;
		await Promise.all(
			calls.map(async (call) => {
				const [row] = await callPrivate('record_alarm_call', [call.id, await send(call)]);
				if (row?.record_alarm_call && (!next || row.record_alarm_call < next)) next = row.record_alarm_call;
			})
		);
	}
	if (next) await add([{ task, id: alarm, runAt: next }]);
}

/** The worker's part in alarms: each step at once, and each minute those that nobody answered. */
export function alarmJobs(): Job[] {
	return [
		{
			task,
			run: async (id, add) => (id === null ? undefined : sendAlarms(add, id)),
			trigger: { kind: 'alarm', run: (ids, add) => add(ids.map((id) => ({ task, id, priority: 1 }))) }
		},
		{
			task: 'escalate_alarms',
			everyMinute: true,
			run: async (_id, add) => {
				await callPrivate('escalate_alarms');
				await sendAlarms(add, 'sweep');
			}
		}
	];
}
