import { setTimeout as pause } from 'node:timers/promises';
import { isOutage } from '#lib/database/server/outage.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { isLocale, type Locale } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import type { InvitedEvent } from '#lib/calendar/invitation.ts';
import type { AddJobs, Job, QueuedJob } from '#lib/live/server/jobs.ts';
import type { MailSummit } from '#lib/mail/context.ts';
import { writeMail } from '#lib/mail/templates.ts';
import type { Wording } from '#lib/mail/wording.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import { groupMailJob } from './group.ts';
import { invitationsFor, takeInvitations } from './invitations.ts';
import { postBySmtp, mailRefusalOf, type Message, type Post } from './transport.ts';

/** A row of the outbox that this process has claimed. */
interface Claimed {
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

function messageOf(mail: Claimed, events: readonly InvitedEvent[]): Message | Failure {
	const opened = open(mail);
	if ('code' in opened) return opened;
	const locale: Locale = isLocale(mail.locale) ? mail.locale : 'en';
	const origin = (process.env['ORIGIN'] ?? 'http://localhost:3000').replace(/\/$/, '');
	const { summit } = mail;
	const context = { params: { ...opened.params, events }, summit, zone: mail.time_zone, origin };
	return withLocale(locale, () => {
		const written = writeMail(mail.template, context, locale, mail.wording);
		if (!written) return { code: 'unknown_template', final: true };
		const calendars = invitationsFor(events, { summit, origin, to: opened.to });
		return { ...written, to: opened.to, id: mail.id, replyTo: summit?.reply_to ?? null, locale, calendars };
	});
}

// A third of the lifetime of a claim.
const holdIntervalMs = 10_000;

/**
 * Sends one mail of the outbox, if no other process has claimed it, and records the result. At least once: a server may
 * have accepted it when this process dies, and its successor sends it again under the same Message-ID.
 */
export async function sendMail(id: string, add: AddJobs, post: Post = postBySmtp): Promise<void> {
	const [mail] = await callPrivate('claim_mail', [1, id]);
	if (!mail) return;
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
		if (row?.mark_mail_failed) await add([{ task, id, priority: mail.priority, runAt: row.mark_mail_failed }]);
	} finally {
		clearInterval(holding);
	}
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

async function attempt(mail: Claimed, post: Post): Promise<Failure | null> {
	const since = Date.now();
	try {
		const events = await takeInvitations(mail);
		// Another mail contained it meanwhile.
		if (mail.template === 'calendar_event' && events.length === 0) return await drop(mail);
		const message = messageOf(mail, events);
		if ('code' in message) return message;
		// A process that was stopped for a while may have lost its claim to another.
		if (Date.now() - since > holdIntervalMs && !(await hold(mail))) return { code: 'claim_lost', final: false };
		await post(message);
		return null;
	} catch (error) {
		return mailRefusalOf(error);
	}
}

interface Due {
	id: string;
	priority: number;
	/** When the claim of another process expires. */
	run_at?: Date | null;
}

const jobsOf = (due: Due[]): QueuedJob[] =>
	due.map(({ id, priority, run_at }) => ({ task, id, priority, ...(run_at && { runAt: run_at }) }));

/** The worker's part in mail: each row as soon as it is written, and a job each minute for missed ones. */
export function mailJobs(post: Post = postBySmtp): Job[] {
	return [
		{
			task,
			run: async (id, add) => (id === null ? undefined : sendMail(id, add, post)),
			trigger: { kind: 'mail', jobs: async (ids) => jobsOf(await callPrivate('due_mail', [ids])) }
		},
		{
			task: 'sweep_mail',
			everyMinute: true,
			run: async (_id, add) => add(jobsOf(await callPrivate('sweep_mail')))
		},
		groupMailJob
	];
}
