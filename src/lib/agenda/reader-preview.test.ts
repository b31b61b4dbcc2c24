import { m } from '#lib/i18n/messages.ts';
import { expect, test } from 'vitest';
import { chosenReader, notEntered, readerPreviewAddress, readerPreviewQuery } from './reader-preview.ts';

const id = '6f0b0a52-8d0c-4d7b-9a43-0d9c1a5a7a11';
const query = (address: string) => readerPreviewQuery(new URLSearchParams(address));

test('reads who is chosen from an address, and ignores what is invalid', () => {
	expect(chosenReader(query(''))).toEqual({});
	expect(chosenReader(query('reader=owner&category=press'))).toEqual({});
	expect(chosenReader(query('reader=person:x'))).toEqual({});
	expect(chosenReader(query(`reader=person:${id}&sector=government`))).toEqual({ person: id });
	expect(chosenReader(query('reader=registered&category=press&sector=none&mode=virtual'))).toEqual({
		registered: true,
		category: 'press',
		sector: null,
		mode: 'virtual'
	});
	// The sector is that of the member.
	expect(chosenReader(query(`reader=member:${id}&sector=government`))).toEqual({
		registered: true,
		member: id,
		category: null,
		mode: 'in_person'
	});
});

test('keeps the choice in the address of another day or width', () => {
	const address = `reader=member:${id}&category=press&mode=virtual&day=2027-06-09&width=phone`;
	expect(query(readerPreviewAddress(query(address)))).toEqual(query(address));
	expect(query(readerPreviewAddress(query(address), { day: '2027-06-10', isPhone: false }))).toMatchObject({
		reader: `member:${id}`,
		day: '2027-06-10',
		isPhone: false
	});
});

test('gives the reason of the hall to a person whom the door knows as in person, in any chosen mode', () => {
	const reasonOf = (door: string, stream: string, address: string) => {
		const session = { id: 'a', title: {}, is_break: false, is_cancelled: false, entry: { door, stream } };
		return notEntered([session as Parameters<typeof notEntered>[0][number]], new Set(['a']), query(address)).map(
			({ reason }) => reason
		);
	};
	for (const address of [`reader=person:${id}`, `reader=person:${id}&mode=virtual`]) {
		expect(reasonOf('virtual_at_door', 'hall_only', address)).toEqual([
			'It is held in the hall only; there is no stream.'
		]);
		expect(reasonOf('not_registered', 'not_registered', address)).toEqual([m.agenda_entry_not_registered()]);
		expect(reasonOf('not_listed', 'hall_only', address)).toEqual([
			'This session is for people who were invited to it.'
		]);
	}
});

test('gives the reason of the hall to those in the hall, and of the stream to all others', () => {
	const session = {
		id: 'a',
		title: {},
		is_break: false,
		is_cancelled: false,
		entry: { door: 'virtual_at_door', stream: 'hall_only' }
	} as Parameters<typeof notEntered>[0][number];
	const shown = new Set(['a']);
	const reasons = (address: string, one = session) =>
		notEntered([one], shown, query(address)).map(({ reason }) => reason);
	expect(reasons('reader=registered&mode=virtual')).toEqual(['It is held in the hall only; there is no stream.']);
	expect(reasons('reader=registered', { ...session, entry: { door: 'not_listed', stream: 'hall_only' } })).toEqual([
		'This session is for people who were invited to it.'
	]);
	expect(reasons('', { ...session, entry: { door: 'not_registered', stream: 'ok' } })).toEqual([]);
	expect(reasons('', { ...session, is_cancelled: true })).toEqual([]);
});
