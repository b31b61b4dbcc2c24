import { describe, expect, test } from 'vitest';
import { bounceAddress, bouncesOf, mailIdIn, readNotification } from './bounces.ts';

const id = '0b8f6c1e-2d3a-4f5b-8c7d-9e0f1a2b3c4d';

test('the id of a mail is in its Message-ID and in the address for its bounces, and nowhere else', () => {
	expect(mailIdIn(`<${id}@summit.example>`)).toBe(id);
	expect(mailIdIn(`"Bounces" <${bounceAddress('bounces@mail.summit.example', id)}>`)).toBe(id);
	expect(bounceAddress('bounces@mail.summit.example', id)).toBe(`bounces+${id}@mail.summit.example`);
	for (const other of ['', 'somebody@example.org', `${id}`, `x${id}@example.org`, `<20270601.1234@example.org>`])
		expect([other, mailIdIn(other)]).toEqual([other, null]);
});

test('reports of a provider name a mail, and count where the failure is permanent', () => {
	const events = [
		{
			message_id: `<${id}@summit.example>`,
			event: 'bounced' as const,
			permanent: true,
			code: 'smtp; 550 5.1.1 No such user'
		},
		{ message_id: id, event: 'complained' as const, permanent: true, code: '' },
		{ message_id: `<${id}@summit.example>`, event: 'bounced' as const, permanent: false, code: '4.2.2' },
		{ message_id: '<another@provider.example>', event: 'bounced' as const, permanent: true, code: '5.1.1' }
	];
	expect(bouncesOf({ events })).toEqual([
		{ id, kind: 'bounced', code: '5.1.1' },
		{ id, kind: 'complained', code: '' }
	]);
});

describe('a notification of a mail server', () => {
	const notification = (action: string, status: string, to = 'no-reply@summit.example', type = 'delivery-status') =>
		[
			'From: Mail Delivery System <MAILER-DAEMON@relay.example>',
			`To: ${to}`,
			'Subject: Undelivered Mail Returned to Sender',
			`Content-Type: multipart/report; report-type=${type};`,
			'\tboundary="b1"',
			'',
			'--b1',
			'Content-Type: text/plain',
			'',
			'The mail could not be delivered.',
			'--b1',
			'Content-Type: message/delivery-status',
			'',
			'Reporting-MTA: dns; relay.example',
			'',
			'Final-Recipient: rfc822; nobody@member.example',
			`Action: ${action}`,
			`Status: ${status}`,
			'Diagnostic-Code: smtp; 550 No such user',
			'--b1',
			'Content-Type: text/rfc822-headers',
			'',
			`Message-ID: <${id}@summit.example>`,
			'--b1--'
		].join('\r\n');

	test('says which mail failed, by the headers that it returns or by the address that it was sent to', () => {
		expect(readNotification(notification('failed', '5.1.1'))).toEqual({ id, kind: 'bounced', code: '5.1.1' });
		const other = '11111111-2222-4333-8444-555555555555';
		expect(readNotification(notification('failed', '5.0.0', bounceAddress('b@summit.example', other)))?.id).toBe(other);
	});

	test.each([
		['a delay', notification('delayed', '4.4.1')],
		['a failure that is not permanent', notification('failed', '4.4.7')],
		['a receipt', notification('displayed', '5.1.1', 'a@b.example', 'disposition-notification')],
		['an answer of a person', `To: ${bounceAddress('b@summit.example', id)}\r\n\r\nAction: failed\r\nStatus: 5.1.1`],
		['nothing', '']
	])('%s is no bounce', (_, mail) => expect(readNotification(mail)).toBeNull());
});
