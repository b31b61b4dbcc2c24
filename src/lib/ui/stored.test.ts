import { afterEach, expect, it, vi } from 'vitest';
import { readStored, readStoredValue, storeText, storeValue } from './stored.ts';

const holding = () => {
	const texts = new Map<string, string>();
	return {
		getItem: (name: string) => texts.get(name) ?? null,
		setItem: (name: string, text: string) => void texts.set(name, text),
		removeItem: (name: string) => void texts.delete(name)
	};
};
const refusing = () => {
	const refuse = () => {
		throw new DOMException('Refused.', 'SecurityError');
	};
	return { getItem: refuse, setItem: refuse, removeItem: refuse };
};
afterEach(() => vi.unstubAllGlobals());

it('stores on the device or in the tab, and deletes', () => {
	vi.stubGlobal('localStorage', holding());
	vi.stubGlobal('sessionStorage', holding());
	expect(storeText('zone', 'Asia/Manila')).toBe(true);
	expect(readStored('zone')).toBe('Asia/Manila');
	expect(readStored('zone', 'tab')).toBeNull();
	expect(storeText('zone', null)).toBe(true);
	expect(readStored('zone')).toBeNull();
	storeValue('form', { version: 2 }, 'tab');
	expect(readStoredValue('form', 'tab')).toEqual({ version: 2 });
});

it('takes what is no JSON for nothing', () => {
	vi.stubGlobal('localStorage', holding());
	storeText('look', '{');
	expect(readStoredValue('look')).toBeNull();
});

it('does not fail where the browser stores nothing', () => {
	vi.stubGlobal('localStorage', refusing());
	expect(storeText('zone', 'UTC')).toBe(false);
	expect(storeText('zone', null)).toBe(false);
	expect(readStored('zone')).toBeNull();
	expect(readStoredValue('zone')).toBeNull();
});

it('does not fail where there is no storage at all, as on the server', () => {
	vi.stubGlobal('sessionStorage', undefined);
	expect(readStored('run', 'tab')).toBeNull();
	expect(storeText('run', 'a', 'tab')).toBe(false);
});
