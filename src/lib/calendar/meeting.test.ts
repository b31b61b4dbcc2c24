/* The calendar file of a meeting: what programs match events by, and what it does not say. */
import { expect, test } from 'vitest';
import type { MeetingEvent } from '#lib/database/answers/meetings.ts';
import { calendarOf, emptyFeed } from './feed.ts';
import { meetingEventOf, meetingInvitationOf } from './meeting.ts';
import { feedWords } from './words.ts';

const event: MeetingEvent = {
	method: 'REQUEST',
	uid: '01a22c77-c309-463c-a7ae-54ca73b98a6c',
	sequence: 3,
	is_new: false,
	start: '2031-06-09T08:30:00Z',
	end: '2031-06-09T10:00:00Z',
	zone: 'Europe/Berlin',
	code: 'ABCD2345',
	group: 'EFGH6789',
	title: null,
	name: null,
	place: null,
	link: null,
	is_in_group: true,
	answer: null
};
const file = (more: Partial<MeetingEvent> = {}) =>
	meetingInvitationOf(
		{ ...event, ...more },
		{ summary: 'Meeting', url: 'https://summit.example/community/groups/EFGH6789/meetings/ABCD2345' },
		{ organizer: { name: 'Global Summit', email: 'no-reply@summit.example' }, attendee: 'a@people.example', now: 0 }
	);

test('keeps its UID and raises its sequence, as a request or a cancellation', () => {
	const { method, content } = file();
	expect(method).toBe('REQUEST');
	for (const line of [
		'METHOD:REQUEST',
		`UID:${event.uid}`,
		'SEQUENCE:3',
		'DTSTART:20310609T083000Z',
		'DTEND:20310609T100000Z',
		'SUMMARY:Meeting',
		'CLASS:PRIVATE',
		'STATUS:CONFIRMED'
	])
		expect(content).toContain(`${line}\r\n`);
	expect(content).not.toContain('LOCATION');
	expect(content).toContain('PARTSTAT=NEEDS-ACTION');
	expect(file({ answer: 'yes' }).content).toContain('PARTSTAT=ACCEPTED');
	expect(file({ answer: 'alternate' }).content).toContain('PARTSTAT=DECLINED');
	const off = file({ method: 'CANCEL', sequence: 4, place: 'Room 4' }).content;
	for (const line of ['METHOD:CANCEL', `UID:${event.uid}`, 'SEQUENCE:4', 'STATUS:CANCELLED'])
		expect(off).toContain(`${line}\r\n`);
	expect(off).not.toContain('Room 4');
});

test('puts place and address on one line', () => {
	expect(file({ place: 'Room 4\nBEGIN:VALARM', link: 'https://meet.example/x' }).content).not.toContain(
		'\r\nBEGIN:VALARM'
	);
});

test('a subscribed calendar shows a meeting with its state, and of a closed one that there is a meeting', () => {
	const meeting = {
		uid: event.uid,
		sequence: 4,
		changed_at: '2031-06-01T08:00:00Z',
		start: event.start,
		end: event.end,
		code: event.code,
		group: event.group,
		name: { original: 'en', en: 'Working group' },
		title: { original: 'en', en: 'First\nmeeting' },
		place: 'Room 4',
		link: null,
		is_cancelled: false
	};
	const written = (more: object = {}) =>
		calendarOf(
			emptyFeed,
			feedWords({ slug: '2031', name: { original: 'en', en: 'Summit' }, rooms: [] }, 'https://summit.example', true),
			null,
			[meetingEventOf({ ...meeting, ...more }, 'https://summit.example')]
		);
	for (const line of [
		`UID:${event.uid}`,
		'SEQUENCE:4',
		'SUMMARY:First meeting\\, Working group',
		'LOCATION:Room 4',
		'STATUS:CONFIRMED',
		'CLASS:PRIVATE'
	])
		expect(written()).toContain(`${line}\r\n`);
	const off = written({ is_cancelled: true });
	for (const line of ['STATUS:CANCELLED', 'SUMMARY:Cancelled: First meeting\\, Working group'])
		expect(off).toContain(`${line}\r\n`);
	expect(off).not.toContain('Room 4');
	expect(written({ title: null, name: null, place: null })).toContain('SUMMARY:Meeting\r\n');
});
