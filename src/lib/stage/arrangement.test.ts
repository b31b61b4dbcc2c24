import { describe, expect, test } from 'vitest';
import { arrange, nextLead, tilesOf, type SentMedia } from './arrangement.ts';
import type { OnStage } from './stage.ts';

function person(identity: string): OnStage {
	return {
		identity,
		code: identity,
		display_name: identity,
		office: '',
		affiliation: '',
		country: null,
		role: 'speaker'
	};
}

const people = ['ana', 'bo', 'wren'].map(person);
const sends = (camera: boolean, microphone: boolean | null = true, screen = false): SentMedia => ({
	camera,
	microphone,
	screen
});

function keys(...given: Parameters<typeof arrange>) {
	const { main, side } = arrange(...given);
	return [main && `${main.key} ${main.kind}`, ...side.map((tile) => `${tile.key} ${tile.kind}`)];
}

describe('places on stage', () => {
	test('are empty when nobody is on stage, even if somebody sends', () => {
		expect(keys([], new Map([['intruder', sends(true)]]), ['intruder'], 'intruder')).toEqual([null]);
	});

	test('have a name where no video is sent', () => {
		expect(keys(people, new Map([['bo', sends(true)]]), [], null)).toEqual(['bo camera', 'ana name', 'wren name']);
		expect(keys(people, new Map(), [], null)).toEqual(['ana name', 'bo name', 'wren name']);
	});

	test('make the active speaker large, with or without video', () => {
		const sending = new Map([
			['ana', sends(true)],
			['wren', sends(false)]
		]);
		expect(keys(people, sending, ['wren'], 'wren')).toEqual(['wren name', 'ana camera', 'bo name']);
	});

	test('put a shared screen before any face, with its owner beside it', () => {
		expect(keys(people, new Map([['bo', sends(true, true, true)]]), ['ana'], 'ana')).toEqual([
			'bo screen screen',
			'ana name',
			'bo camera',
			'wren name'
		]);
	});

	test('tell a muted microphone from none', () => {
		const { side, main } = arrange(people, new Map([['ana', sends(true, false)]]), ['ana'], null);
		expect(main).toMatchObject({ audioOn: false, isSpeaking: true });
		expect(side[0]).toMatchObject({ audioOn: null, isSpeaking: false });
	});
});

test('pass the large place on when its owner is silent and another person speaks', () => {
	expect(nextLead(null, [])).toBeNull();
	expect(nextLead(null, ['ana'])).toBe('ana');
	expect(nextLead('ana', ['bo', 'ana'])).toBe('ana');
	expect(nextLead('ana', ['bo'])).toBe('bo');
	expect(nextLead('ana', [])).toBe('ana');
});

describe('the layout that hosts choose', () => {
	const sending = new Map([
		['ana', sends(true)],
		['bo', sends(true)]
	]);
	const kinds = (...given: Parameters<typeof arrange>) => {
		const { main, side, equal } = arrange(...given);
		return { main: main?.key ?? null, side: side.map(({ key }) => key), equal: equal.map(({ key }) => key) };
	};

	test('gives a panel tiles of equal size, in its own order', () => {
		expect(kinds(people, sending, ['bo'], 'bo', { layout: 'panel', spotlight: null })).toEqual({
			main: null,
			side: [],
			equal: ['ana', 'bo', 'wren']
		});
	});

	test('makes the selected person large, before a screen, in every layout', () => {
		const shared = new Map([...sending, ['wren', sends(false, true, true)]]);
		for (const layout of ['speaker', 'panel', 'slides'] as const)
			expect(kinds(people, shared, ['bo'], 'bo', { layout, spotlight: 'ana' }).main).toBe('ana');
		expect(kinds(people, shared, ['bo'], 'bo', { layout: 'panel', spotlight: null }).main).toBe('wren screen');
	});

	test('no longer shows a person large who has left the stage', () => {
		expect(kinds(people, sending, ['bo'], 'bo', { layout: 'speaker', spotlight: 'gone' }).main).toBe('bo');
	});
});

test('names the present or last speaker in every layout, large or not', () => {
	const sending = new Map([['bo', sends(true, true, true)]]);
	for (const layout of ['speaker', 'panel', 'slides'] as const)
		for (const hasPoll of [true, false]) {
			const { speaker } = arrange(
				people,
				sending,
				[],
				'wren',
				{ layout, spotlight: null },
				{ hasSlide: true, hasPoll, signing: [] }
			);
			expect(speaker?.key).toBe('wren');
		}
	expect(arrange([], sending, [], 'wren').speaker).toBeNull();
});

test('names the tile of everybody, however many there are', () => {
	for (const count of [0, 1, 2, 3]) {
		const here = people.slice(0, count);
		const tiles = tilesOf(arrange(here, new Map([['bo', sends(true)]]), [], null));
		expect(tiles.map(({ key }) => key).toSorted()).toEqual(here.map(({ identity }) => identity));
	}
});

describe('slides and sign language', () => {
	const sending = new Map([
		['ana', sends(true)],
		['bo', sends(true)],
		['signer', sends(true, null)]
	]);
	const places = (
		layout: 'speaker' | 'panel' | 'slides',
		given: Partial<Parameters<typeof arrange>[5]> = {},
		sent = sending
	) => {
		const beside = { hasSlide: true, signing: [], ...given };
		const { page, main, side, equal, signs } = arrange(people, sent, ['bo'], 'bo', { layout, spotlight: null }, beside);
		return [page, main?.key ?? null, side.map(({ key }) => key), equal.length, signs];
	};

	test('makes a slide large with only the speaker beside it, in the slides layout', () => {
		expect(places('slides')).toEqual(['slide', null, ['bo'], 0, []]);
		expect(places('speaker')).toEqual(['slide', null, ['ana', 'bo', 'wren'], 0, []]);
		expect(places('panel')).toEqual(['slide', null, ['ana', 'bo', 'wren'], 0, []]);
	});

	test('makes a shared screen large in the same way, before a slide', () => {
		const shared = new Map([...sending, ['wren', sends(true, true, true)]]);
		expect(places('slides', {}, shared)).toEqual([null, 'wren screen', ['bo'], 0, []]);
	});

	test('makes the speaker large and the others beside, in the slides layout without slides', () => {
		expect(places('slides', { hasSlide: false })).toEqual([null, 'bo', ['ana', 'wren'], 0, []]);
	});

	test('makes the selected person large before a slide', () => {
		const { page, main } = arrange(
			people,
			sending,
			[],
			'bo',
			{ layout: 'slides', spotlight: 'ana' },
			{ hasSlide: true, signing: [] }
		);
		expect([page, main?.key]).toEqual([null, 'ana']);
	});

	test('makes a shown poll large before everything, with the others beside it', () => {
		const shared = new Map([...sending, ['wren', sends(true, true, true)]]);
		expect(places('speaker', { hasPoll: true }, shared)).toEqual([
			'poll',
			null,
			['ana', 'bo', 'wren screen', 'wren'],
			0,
			[]
		]);
		expect(places('panel', { hasPoll: true, hasSlide: false })).toEqual(['poll', null, ['ana', 'bo', 'wren'], 0, []]);
		expect(places('slides', { hasPoll: true })).toEqual(['poll', null, ['bo'], 0, []]);
	});

	test('gives a signer a place in every layout, while their video arrives', () => {
		for (const layout of ['speaker', 'panel', 'slides'] as const)
			for (const hasSlide of [true, false])
				expect(places(layout, { hasSlide, signing: ['signer'] })[4]).toEqual(['signer']);
		expect(places('speaker', { signing: ['gone'] })[4]).toEqual([]);
	});
});
