import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRights, permissionFor } from './rights.ts';

const anyRights = fc.subarray(['camera', 'microphone', 'screen']);

describe('permissions', () => {
	test('hide a listener who publishes nothing', () => {
		expect(permissionFor([])).toEqual({
			canSubscribe: true,
			canPublish: false,
			canPublishData: false,
			canUpdateMetadata: false,
			hidden: true,
			sources: []
		});
	});

	test('show a person on stage, with exactly the sources that the rights name', () => {
		expect(permissionFor(['microphone'])).toMatchObject({ canPublish: true, hidden: false, sources: ['microphone'] });
		expect(permissionFor(['camera', 'screen']).sources).toEqual(['camera', 'screen', 'screen_sound']);
		expect(permissionFor(['everything', 'admin']).sources).toEqual([]);
	});

	test('never allow sending data or changing metadata', () => {
		fc.assert(
			fc.property(anyRights, (rights) => {
				const { canPublishData, canUpdateMetadata } = permissionFor(rights);
				expect([canPublishData, canUpdateMetadata]).toEqual([false, false]);
			})
		);
	});
});

describe('judging', () => {
	test('keeps correct rights, in any order of the sources', () => {
		fc.assert(
			fc.property(anyRights, (rights) => {
				const actual = permissionFor(rights);
				expect(judgeRights(rights, { ...actual, sources: [...actual.sources].reverse() })).toBe('keep');
			})
		);
	});

	test('removes people who may not be there, even if LiveKit lists them', () => {
		expect(judgeRights(null, permissionFor([]))).toBe('remove');
		expect(judgeRights(null, null)).toBe('remove');
	});

	test('changes any right too many or too few', () => {
		const viewer = permissionFor([]);
		expect(judgeRights([], { ...viewer, canPublish: true, sources: ['camera'] })).toBe('change');
		expect(judgeRights([], { ...viewer, canPublishData: true })).toBe('change');
		expect(judgeRights([], { ...viewer, hidden: false })).toBe('change');
		expect(judgeRights([], { ...viewer, canUpdateMetadata: true })).toBe('change');
		expect(judgeRights(['microphone'], permissionFor(['microphone', 'camera']))).toBe('change');
		expect(judgeRights(['microphone'], viewer)).toBe('change');
		expect(judgeRights([], null)).toBe('change');
	});

	test('accepts an empty list without the right to publish like a full one', () => {
		expect(judgeRights([], { ...permissionFor([]), sources: ['camera'] })).toBe('keep');
	});
});
