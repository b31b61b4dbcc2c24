import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMail, type Inbox, type InboxMail } from './mail.ts';
import { freePort } from './processes.ts';

let folder: string;
let inbox: Inbox;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'inbox-'));
	inbox = await start();
});

afterAll(async () => {
	await inbox.stop();
	rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Inbox> {
	return startMail({ smtpPort: await freePort(), webPort: await freePort(), file: join(folder, 'mail.json') });
}

async function send(to: string, subject: string, html = '<p>Welcome</p>'): Promise<void> {
	await createTransport(inbox.smtpUrl).sendMail({
		from: 'Summit <summit@localhost>',
		to,
		subject,
		text: 'Bienvenue à Montevideo',
		html,
		attachments: [{ filename: 'summit.ics', content: 'BEGIN:VCALENDAR', contentType: 'text/calendar' }]
	});
}

async function mailsTo(address: string): Promise<InboxMail[]> {
	return (await (await fetch(`${inbox.address}/messages?to=${encodeURIComponent(address)}`)).json()) as InboxMail[];
}

test('stores a mail with its text, its HTML and its attachments', async () => {
	await send('Amina@example.org', 'مرحبا بكم');
	const [mail] = await mailsTo('amina@example.org');
	expect(mail).toMatchObject({
		to: ['Amina@example.org'],
		subject: 'مرحبا بكم',
		from: '"Summit" <summit@localhost>',
		html: '<p>Welcome</p>'
	});
	expect(mail?.text.trim()).toBe('Bienvenue à Montevideo');
	expect(mail?.attachments.map(({ name, content }) => [name, Buffer.from(content, 'base64').toString()])).toEqual([
		['summit.ics', 'BEGIN:VCALENDAR']
	]);
});

test('lists only mails to an address, newest first, and deletes them', async () => {
	await send('a@example.org', 'first');
	await send('b@example.org', 'other');
	await send('a@example.org', 'second');
	expect((await mailsTo('a@example.org')).map(({ subject }) => subject)).toEqual(['second', 'first']);
	await fetch(`${inbox.address}/messages?to=a@example.org`, { method: 'DELETE' });
	expect(await mailsTo('a@example.org')).toEqual([]);
	expect((await mailsTo('b@example.org')).map(({ subject }) => subject)).toEqual(['other']);
});

test('shows the content of a mail isolated and never runs it', async () => {
	await send('script@example.org', '<script>alert(1)</script>', '<script>alert(2)</script>');
	const [mail] = await mailsTo('script@example.org');
	const list = await (await fetch(inbox.address)).text();
	expect(list).not.toContain('<script>');
	const page = await fetch(`${inbox.address}/mail/${mail?.id}`);
	expect(await page.text()).not.toContain('<script>');
	const html = await fetch(`${inbox.address}/mail/${mail?.id}/html`);
	expect(html.headers.get('content-security-policy')).toContain('sandbox');
	expect(html.headers.get('content-security-policy')).not.toContain('allow-scripts');
});

test('survives a restart', async () => {
	await send('kept@example.org', 'kept');
	await inbox.stop();
	inbox = await start();
	expect((await mailsTo('kept@example.org')).map(({ subject }) => subject)).toEqual(['kept']);
});
