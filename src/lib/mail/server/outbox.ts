import { setTimeout as pause } from 'node:timers/promises';
import { isOutage } from '#lib/database/server/outage.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { isLocale, type Locale } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import type { InvitedEvent } from '#lib/calendar/invitation.ts';
import type { MeetingEvent, WorkEvent } from '#lib/database/answers/meetings.ts';
import type { AddJobs, Job } from '#lib/live/server/jobs.ts';
import { siteOrigin, type MailSummit } from '#lib/mail/context.ts';
import { writeMail } from '#lib/mail/templates.ts';
import type { Wording } from '#lib/mail/wording.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import { hasManyRequests } from '#lib/live/server/requests.ts';
import { groupMailJob } from './group.ts';
import { invitationsFor, meetingFilesFor, takeInvitations, takeMeetings, takeWork } from './invitations.ts';
import { addUnsubscribeLink, hasLink, unsubscribeUrl } from './unsubscribing.ts';
import { postBySmtp, mailRefusalOf, type Message, type Post } from './transport.ts';

/** A row of the outbox that this process has claimed, as the database answers it. */
interface ClaimedRow {
	id: string;
	/** The key of this process's claim; the database accepts results only with it. */
	claim: string;
	template: string;
	locale: string;
	params: Record<string, unknown>;
	priority: number;
	address_sealed: Buffer | null;
	address_key_id: string | null;
	secret: Buffer | null;
	secret_key_id: string | null;
	time_zone: string | null;
	summit: MailSummit | null;
	/** The organisers' text for it, in its language. */
	wording: Wording | null;
}

type Claimed = ClaimedRow & { since: number };

interface Failure {
	code: string;
	final: boolean;
}

const task = 'send_mail';

// Decrypted only here, and kept only while the mail is sent.
function open(mail: Claimed): { to: string; params: Record<string, unknown> } | Failure {
	if (!mail.address_sealed || !mail.address_key_id) return { code: 'no_address', final: true };
	const sealer = theSealer();
	try {
		const to = sealer.open(mail.address_sealed, mail.address_key_id, contexts.address);
		if (!mail.secret) return { to, params: mail.params };
		const secret: unknown = JSON.parse(
			sealer.open(mail.secret, mail.secret_key_id ?? mail.address_key_id, contexts.mail)
		);
		return { to, params: { ...mail.params, ...(secret as Record<string, unknown>) } };
	} catch {
		return { code: 'cannot_open', final: true };
	}
}

function messageOf(
	mail: Claimed,
	events: readonly InvitedEvent[],
	meetings: readonly MeetingEvent[],
	work: readonly WorkEvent[],
	token: string | null
): Message | Failure {
	const opened = open(mail);
	if ('code' in opened) return opened;
	const locale: Locale = isLocale(mail.locale) ? mail.locale : 'en';
	const origin = siteOrigin();
	const { summit } = mail;
	return withLocale(locale, () => {
		const unsubscribe = token && unsubscribeUrl(origin, token);
		const params = { ...opened.params, events, meetings, work, ...(unsubscribe && { unsubscribe }) };
		const context = { params, summit, zone: mail.time_zone, origin };
		const written = writeMail(mail.template, context, locale, mail.wording);
		if (!written) return { code: 'unknown_template', final: true };
		const { to } = opened;
		const calendars = [...invitationsFor(events, { summit, origin, to }), ...meetingFilesFor(meetings, { origin, to })];
		const headers = unsubscribe ? { unsubscribe: `${unsubscribe}/one-click` } : {};
		return { ...written, to, id: mail.id, replyTo: summit?.reply_to ?? null, locale, calendars, ...headers };
	});
}

// A third of the lifetime of a claim.
const holdIntervalMs = 10_000;

async function claim(most: number, id: string | null = null, onlyUrgent = false): Promise<Claimed[]> {
	const since = Date.now();
	return (await callPrivate('claim_mail', [most, id, onlyUrgent])).map((row) => ({ ...row, since }));
}

/**
 * Sends one mail of the outbox, if no other process has claimed it, and records the result. At least once: a server may
 * have accepted it when this process dies, and its successor sends it again under the same Message-ID.
 */
export async function sendMail(id: string, add: AddJobs, post: Post = postBySmtp): Promise<void> {
	const [mail] = await claim(1, id);
	if (mail) await sendClaimed(mail, add, post);
}

async function sendClaimed(mail: Claimed, add: AddJobs, post: Post): Promise<void> {
	const holding = setInterval(() => void hold(mail).catch(() => undefined), holdIntervalMs);
	try {
		const failure = await attempt(mail, post);
		if (!failure) {
			await settled(() => callPrivate('mark_mail_sent', [mail.id, mail.claim]));
			return;
		}
		const [row] = await settled(() =>
			callPrivate('mark_mail_failed', [mail.id, mail.claim, failure.code, failure.final])
		);
		if (row?.mark_mail_failed) await add([{ task, id: mail.id, priority: mail.priority, runAt: row.mark_mail_failed }]);
	} finally {
		clearInterval(holding);
	}
}

// As many as the transport has connections. A claim takes two for each, so that none waits for the database.
const lanes = 4;
const claimedAtOnce = 8;
// While people wait for pages, mail gives way: it costs this process as much as a page does.
const giveWayMs = 200;

/**
 * Sends all that is due, the most urgent first, until nothing is left or `stopping`; what is claimed is sent. A server
 * that is slow to accept one mail holds up no other.
 */
function sendAll(post: Post, isBusy: () => boolean): (add: AddJobs, stopping?: AbortSignal) => Promise<void> {
	const claimed: Claimed[] = [];
	let claiming: Promise<boolean> | undefined;
	let free = lanes;
	// Something became due since the last claim began.
	let again = false;

	async function refill(stopping?: AbortSignal): Promise<boolean> {
		for (again = false; !stopping?.aborted; again = false) {
			const busy = isBusy();
			const more = await claim(claimedAtOnce, null, busy);
			claimed.push(...more);
			if (more.length > 0 || !busy) return more.length > 0;
			await pause(giveWayMs);
		}
		return false;
	}

	async function next(stopping?: AbortSignal): Promise<Claimed | undefined> {
		while (claimed.length === 0) {
			claiming ??= refill(stopping).finally(() => (claiming = undefined));
			if (!(await claiming) && !again) return;
		}
		return claimed.shift();
	}

	async function lane(add: AddJobs, stopping?: AbortSignal): Promise<void> {
		free -= 1;
		try {
			for (let mail = await next(stopping); mail; mail = await next(stopping)) await sendClaimed(mail, add, post);
		} finally {
			free += 1;
		}
	}

	return async (add, stopping) => {
		again = true;
		const ends = await Promise.allSettled(Array.from({ length: free }, () => lane(add, stopping)));
		const failed = ends.find((end) => end.status === 'rejected');
		if (failed) throw failed.reason;
	};
}

async function hold({ id, claim }: Claimed): Promise<boolean> {
	const [row] = await callPrivate('extend_mail_claim', [id, claim]);
	return row?.extend_mail_claim === true;
}

// The mail was sent already: the result must be recorded even if the database is unavailable for a moment, because
// otherwise the mail is sent twice.
async function settled<Answer>(write: () => Promise<Answer>, until = Date.now() + 120_000): Promise<Answer> {
	for (;;) {
		try {
			return await write();
		} catch (error) {
			if (!isOutage(error) || Date.now() > until) throw error;
			await pause(250);
		}
	}
}

async function drop({ id, claim }: Claimed): Promise<null> {
	await callPrivate('drop_empty_invitation_mail', [id, claim]);
	return null;
}

// A campaign may have been stopped, or its reader have unsubscribed, since the mail was queued or failed: it is deleted.
async function isUnwanted({ id, claim }: Claimed): Promise<boolean> {
	const [row] = await callPrivate('drop_unwanted_campaign_mail', [id, claim]);
	return row?.drop_unwanted_campaign_mail === true;
}

async function attempt(mail: Claimed, post: Post): Promise<Failure | null> {
	try {
		const events = await takeInvitations(mail);
		const meetings = await takeMeetings(mail);
		const work = await takeWork(mail);
		// Another mail contained it meanwhile, or the reader has nothing to learn any more.
		if (
			['calendar_event', 'meeting_event', 'meeting_work'].includes(mail.template) &&
			events.length + meetings.length + work.length === 0
		)
			return await drop(mail);
		if (mail.template === 'campaign' && (await isUnwanted(mail))) return null;
		const token = await addUnsubscribeLink(mail);
		// News never goes without its link: the claim belongs to another process, which sends the mail.
		if (token === null && hasLink(mail)) return { code: 'claim_lost', final: false };
		const message = messageOf(mail, events, meetings, work, token);
		if ('code' in message) return message;
		// A mail that waited, or a process that was stopped, may have lost its claim to another.
		if (Date.now() - mail.since > holdIntervalMs && !(await hold(mail))) return { code: 'claim_lost', final: false };
		await post(message);
		return null;
	} catch (error) {
		return mailRefusalOf(error);
	}
}

/**
 * The worker's part in mail: each as soon as it is written, or as soon as this process is not busy with pages; each
 * minute, those that were missed.
 */
export function mailJobs(post: Post = postBySmtp, isBusy = hasManyRequests): Job[] {
	const sendDue = sendAll(post, isBusy);
	return [
		{
			task,
			run: async (id, add) => (id === null ? undefined : sendMail(id, add, post)),
			trigger: { kind: 'mail', run: (_ids, add, stopping) => sendDue(add, stopping) }
		},
		{
			task: 'sweep_mail',
			everyMinute: true,
			async run(_id, add) {
				const due = await callPrivate('sweep_mail');
				// Those that another process is sending are due when its claim expires.
				await add(due.flatMap(({ id, priority, run_at: runAt }) => (runAt ? [{ task, id, priority, runAt }] : [])));
				await sendDue(add);
			}
		},
		groupMailJob
	];
}
