import { describe, expect, test } from 'vitest';
import { arrange, nextLead, type Sending } from './arrangement.ts';
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
const sends = (camera: boolean, microphone: boolean | null = true, screen = false): Sending => ({
	camera,
	microphone,
	screen
});

function keys(...given: Parameters<typeof arrange>) {
	const { main, side } = arrange(...given);
	return [main && `${main.key} ${main.kind}`, ...side.map((tile) => `${tile.key} ${tile.kind}`)];
}

describe('places on stage', () => {
	test('nobody on stage leaves it empty, whoever sends', () => {
		expect(keys([], new Map([['intruder', sends(true)]]), ['intruder'], 'intruder')).toEqual([null]);
	});

	test('a name stands where no picture is sent', () => {
		expect(keys(people, new Map([['bo', sends(true)]]), [], null)).toEqual(['bo camera', 'ana name', 'wren name']);
		expect(keys(people, new Map(), [], null)).toEqual(['ana name', 'bo name', 'wren name']);
	});

	test('whoever leads is large, with or without a picture', () => {
		const sending = new Map([
			['ana', sends(true)],
			['wren', sends(false)]
		]);
		expect(keys(people, sending, ['wren'], 'wren')).toEqual(['wren name', 'ana camera', 'bo name']);
	});

	test('a shared screen comes before any face, and its owner stays beside it', () => {
		expect(keys(people, new Map([['bo', sends(true, true, true)]]), ['ana'], 'ana')).toEqual([
			'bo screen screen',
			'ana name',
			'bo camera',
			'wren name'
		]);
	});

	test('a muted microphone is not the same as none', () => {
		const { side, main } = arrange(people, new Map([['ana', sends(true, false)]]), ['ana'], null);
		expect(main).toMatchObject({ heard: false, isSpeaking: true });
		expect(side[0]).toMatchObject({ heard: null, isSpeaking: false });
	});
});

test('the lead passes on when the leader is silent and somebody else speaks', () => {
	expect(nextLead(null, [])).toBeNull();
	expect(nextLead(null, ['ana'])).toBe('ana');
	expect(nextLead('ana', ['bo', 'ana'])).toBe('ana');
	expect(nextLead('ana', ['bo'])).toBe('bo');
	expect(nextLead('ana', [])).toBe('ana');
});
