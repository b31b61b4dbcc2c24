import type { LiveRoomData, RoomParts, RoomPerson } from '#lib/database/answers/meetings.ts';
import { expect, test } from 'vitest';
import { addReading, concernsOutside, needsMessages, roomPartsOf, roomWith, type PartReading } from './room-parts.ts';

const person = (id: string, hand: string | null = null) => ({ id, hand }) as RoomPerson;
const message = (id: string) => ({ id, body: id }) as LiveRoomData['messages'][number];
const loaded = {
	read_at: 100,
	people: [person('a'), person('b')],
	messages: [message('1')],
	me: { number: 0 }
} as LiveRoomData;
const reading = (parts: Partial<RoomParts>, after: string | null = null): PartReading => ({
	parts: { read_at: 0, ...parts },
	after
});

test('says which parts an event changes, for whom', () => {
	expect(roomPartsOf('hands', false)).toEqual(['hands']);
	expect([roomPartsOf('waiting', true), roomPartsOf('waiting', false)]).toEqual([['people'], []]);
	expect([roomPartsOf('room', false), roomPartsOf('unknown', false)]).toEqual([null, null]);
	expect(
		['hands', 'chat', 'deleted', 'muted', 'cameras', 'waiting', 'connections', 'breakouts'].filter(concernsOutside)
	).toEqual([]);
	expect(['people', 'room'].filter(concernsOutside)).toEqual(['people', 'room']);
});

test('puts what was read again into what was loaded', () => {
	const readings = [
		reading({ read_at: 110, hands: [{ id: 'b', at: '2026' }] }),
		reading({ read_at: 120, messages: [message('2')] }, '1'),
		reading({ read_at: 130, messages: [message('2'), message('3')] }, '1')
	].reduce<PartReading[]>(addReading, []);
	const room = roomWith(loaded, readings);
	expect(room.people.map(({ id, hand }) => [id, hand])).toEqual([
		['a', null],
		['b', '2026']
	]);
	expect(room.messages.map(({ id }) => id)).toEqual(['1', '2', '3']);
});

test('a later reading of the same part replaces an earlier one, and a load those before it', () => {
	const readings = [
		reading({ read_at: 130, people: [person('a')] }),
		reading({ read_at: 120, hands: [{ id: 'a', at: '2026' }] }),
		reading({ read_at: 140, people: [person('a'), person('c')] }),
		reading({ read_at: 150, messages: [message('9')] })
	].reduce<PartReading[]>(addReading, []);
	expect(readings.map(({ parts }) => parts.read_at)).toEqual([120, 140, 150]);
	const room = roomWith(loaded, readings);
	expect(room.people.map(({ id, hand }) => [id, hand])).toEqual([
		['a', null],
		['c', null]
	]);
	expect(room.messages.map(({ id }) => id)).toEqual(['9']);
	expect(roomWith({ ...loaded, read_at: 200 }, readings)).toEqual({ ...loaded, read_at: 200 });
});

test('of many readings of later messages few are kept, and no message is lost', () => {
	const numbers = Array.from({ length: 100 }, (_, at) => at + 2);
	const readings = [
		reading({ read_at: 101, hands: [{ id: 'b', at: '2026' }], messages: [message('1')] }),
		...numbers.map((n) => reading({ read_at: 100 + n, messages: [message(`${n}`)] }, `${n - 1}`))
	].reduce<PartReading[]>(addReading, []);
	expect(readings.length).toBeLessThan(25);
	const room = roomWith(loaded, readings);
	expect(room.messages.map(({ id }) => id)).toEqual(['1', ...numbers.map(String)]);
	expect(room.people.map(({ hand }) => hand)).toEqual([null, '2026']);
	// A load that comes late replaces what was read before it, and not what was read since.
	const late = { ...loaded, read_at: 195, messages: [message('95')] };
	expect(roomWith(late, readings).messages.map(({ id }) => id)).toEqual(['95', '96', '97', '98', '99', '100', '101']);
});

test('whose room is another one without an event reads its messages', () => {
	const me = { number: 1 } as RoomParts['me'];
	expect(needsMessages(loaded, reading({ me }))).toBe(true);
	expect(needsMessages(loaded, reading({ me, messages: [] }))).toBe(false);
	expect(needsMessages(loaded, reading({ me: { number: 0 } as RoomParts['me'] }))).toBe(false);
	expect(needsMessages(loaded, reading({ hands: [] }))).toBe(false);
});
