/* Long files of the library: each word and each run of Chinese characters of them is found. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import {
	addFile,
	draftDocument,
	makeLibraryWorld,
	publish,
	publishDocument,
	search,
	type Document,
	type LibraryWorld
} from '../../fixtures/library.ts';
import { readValue } from '../../fixtures/registering.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: LibraryWorld;

beforeAll(async () => {
	world = await makeLibraryWorld(db.owner);
});

const codes = async (who: TestPerson | null, question: string) =>
	(await search(world, who, question)).results.map(({ code }) => code);
/** So many different characters in a row; none of them is in a question below. */
const filler = (length: number, first = 0x5000) =>
	Array.from({ length }, (_, n) => String.fromCharCode(first + (n % 256))).join('');

describe('a Chinese file of 200,000 characters', () => {
	let one: Document;
	beforeAll(async () => {
		const parts = [
			'开头的词组',
			filler(7795),
			// Over the end of the first part of 8,000 characters.
			'儿童保护热线工作组',
			'的'.repeat(400),
			'罕见\n词语。报告',
			filler(170_000),
			'气候 finance',
			filler(21_000),
			'最后的词组'
		];
		const content = parts.join('').slice(0, 200_000);
		one = await publish(world, world.people.focal, {}, { language: 'zh', content });
	});

	test.each([
		'开头',
		'开头的词组',
		'儿童保护热线工作组',
		'护热线',
		'的罕见',
		'的罕见词语',
		'词语',
		'气候',
		'最后',
		'最后的词组',
		'气候 开头的词组 finance'
	])('is found by “%s”', async (question) => {
		expect(await codes(null, question)).toEqual([one.code]);
	});

	test.each(['头开', '组最', '候开头', '词组开', '护热线童', '气候词组', '词组的罕'])(
		'is not found by “%s”, which is nowhere in it',
		async (question) => {
			expect(await codes(null, question)).toEqual([]);
		}
	);

	test('is not found by a run that is in no place, though all of its pairs are', async () => {
		const { focal } = world.people;
		const apart = await publish(world, focal, {}, { language: 'zh', content: '沉默，x 默契 y 契约' });
		expect(await codes(null, '沉默 契约')).toEqual([apart.code]);
		expect(await codes(null, '沉默契约')).toEqual([]);
		const together = await publish(world, focal, {}, { language: 'zh', content: '沉默契\n约' });
		expect(await codes(null, '沉默契约')).toEqual([together.code]);
	});

	test('is found by those alone who may read it', async () => {
		const { delegate, focal } = world.people;
		const content = `${filler(20_000)}闭门磋商纪要`;
		const closed = await publish(world, focal, { level: 'members' }, { language: 'zh', content });
		for (const question of ['闭门', '闭门磋商纪要']) {
			expect(await codes(null, question)).toEqual([]);
			expect(await codes(delegate, question)).toEqual([closed.code]);
		}
	});
});

test('the longest question is found wherever it begins', async () => {
	const question = Array.from({ length: 200 }, (_, n) => String.fromCharCode(0x6000 + n)).join('');
	for (const before of [7_700, 7_800, 7_801, 7_999, 15_500]) {
		const one = await publish(
			world,
			world.people.focal,
			{},
			{ language: 'zh', content: `${filler(before)}${question}${filler(8000)}` }
		);
		expect(await codes(null, question)).toContain(one.code);
	}
});

test('a word at the end of a long text of other letters is found together with one at its beginning', async () => {
	const words = Array.from({ length: 18_000 }, (_, n) => `w${n}`).join(' ');
	const one = await publish(world, world.people.focal, {}, { content: `Estuary ${words} saltmarsh 湿地保护` });
	for (const question of ['saltmarsh', 'estuary saltmarsh', '湿地', '湿地保护', 'estuary 湿地保护'])
		expect(await codes(null, question)).toEqual([one.code]);
});

test('a file with more different pairs than fit is published', { timeout: 60_000 }, async () => {
	// Each pair of two of 450 characters once.
	const characters = Array.from({ length: 450 }, (_, n) => String.fromCharCode(0x7000 + n));
	const content = characters
		.flatMap((a) => characters.flatMap((b) => [a, b]))
		.join('')
		.slice(0, 200_000);
	const one = await draftDocument(world, world.people.focal, {}, { language: 'zh', content });
	expect(await addFile(world, world.people.focal, one, { language: 'fr', content: 'Un mot seul : tournesol.' })).toBe(
		'ok'
	);
	await publishDocument(world, world.people.focal, one);
	expect(await codes(null, 'tournesol')).toEqual([one.code]);
	expect(
		await readValue<number>(
			db.owner,
			`select count(*)::integer from private.library_file_characters where item_id = $1 and language = 'zh'`,
			[one.id]
		)
	).toBe(26);
});
