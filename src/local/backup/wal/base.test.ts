import { mkdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../temporary-folders.ts';
import { folderPlace } from '../place.ts';
import { folders, listBases, rotateBases } from './base.ts';
import { segmentName } from './segments.ts';

let folder: string;
const systemId = '7312345678901234567';
beforeAll(() => {
	folder = temporaryFolder('global-summit-bases');
	mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('keeps what leads to each moment of the last days', async () => {
	const place = folderPlace(folder);
	const [bases, segments] = [folders.bases(systemId), folders.segments(systemId)];
	// One each day, and ten segments a day.
	for (let day = 1; day <= 12; day += 1) {
		const name = `2026-11-${String(day).padStart(2, '0')}T03-00-00Z`;
		const startSegment = segmentName('00000001', day * 10);
		const moment = `2026-11-${String(day).padStart(2, '0')}T03:00:00.000Z`;
		await place.put(`${bases}/${name}.tar.gz.age`, 'x');
		await place.put(
			`${bases}/${name}.json`,
			JSON.stringify({
				...{
					format: 1,
					name,
					systemId,
					startSegment,
					stopSegment: startSegment,
					startedAt: moment,
					finishedAt: moment
				},
				...{ size: 1, sha256: '', server: '17.6', origin: 'http://localhost', sample: false }
			})
		);
	}
	for (let number = 0; number < 130; number += 1)
		await place.put(`${segments}/${segmentName('00000001', number)}-${'0'.repeat(32)}.age`, 'x');
	await place.put(`${segments}/00000002.history-${'0'.repeat(32)}.age`, 'x');
	await place.put(`${bases}/2026-11-11T09-00-00Z.tar.gz.age`, 'of one that was killed');
	// Seven days before noon of the twelfth: the copy of the fifth leads there.
	await rotateBases(place, systemId, 7, new Date('2026-11-12T12:00:00Z'));
	expect((await listBases(place, systemId)).map(({ name }) => name.slice(8, 10))).toEqual(
		'05 06 07 08 09 10 11 12'.split(' ')
	);
	expect((await place.list(`${bases}/`)).filter((file) => file.endsWith('.age'))).toHaveLength(8);
	const left = await place.list(`${segments}/`);
	expect(left).toHaveLength(130 - 50 + 1);
	expect(left[0]).toContain(segmentName('00000001', 50));
	// A pause deletes nothing that is the last.
	await rotateBases(place, systemId, 7, new Date('2027-11-12T12:00:00Z'));
	expect((await listBases(place, systemId)).map(({ name }) => name.slice(8, 10))).toEqual(['12']);
});
