import { expect, test } from 'vitest';
import { choiceFrom, problemOf } from './devices.ts';

const fresh = { cameraId: null, microphoneId: null, camera: true, microphone: true };

test('reads a stored choice, valid or not', () => {
	const stored = { cameraId: 'a', microphoneId: 'b', camera: false, microphone: false };
	expect(choiceFrom(stored, fresh)).toEqual(stored);
	expect(choiceFrom({ camera: 'yes', cameraId: 4 }, fresh)).toEqual(fresh);
	expect(choiceFrom(null, fresh)).toEqual(fresh);
	expect(choiceFrom('x', fresh)).toEqual(fresh);
});

test('has a sentence for each error of a browser', () => {
	const named = (name: string) => problemOf(new DOMException('', name));
	expect(named('NotAllowedError')).toBe('refused');
	expect(named('NotFoundError')).toBe('missing');
	expect(named('NotReadableError')).toBe('busy');
	expect(problemOf(new TypeError('getUserMedia'))).toBe('unsupported');
	expect(problemOf('x')).toBe('failed');
});
