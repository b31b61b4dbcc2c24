import { expect, test, vi } from 'vitest';
import { runInWorker } from '#lib/forms/server/run-in-worker.ts';
import { readExchange } from './read.ts';

// A worker thread starts late on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test('reads a schedule in a worker thread as in this one', async () => {
	const event = { guid: null, title: 'Opening', date: '2027-06-09T09:00:00+00:00', duration: '01:00', room: 'Hall' };
	const days = [{ day: 1, date: '2027-06-09', rooms: { Hall: [event] } }];
	const file = new TextEncoder().encode(JSON.stringify({ schedule: { conference: { title: 'A Summit', days } } }));
	const read = readExchange(file, 'UTC');
	expect(read.ok && read.file.events.length).toBe(1);
	expect(await runInWorker('#lib/calendar/exchange/read.ts', 'readExchange', [file, 'UTC'])).toEqual(read);
});
