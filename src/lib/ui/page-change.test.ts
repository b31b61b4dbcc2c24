import { expect, it } from 'vitest';
import { isPageChange } from './page-change.ts';

const organise = '/(organiser)/[summit]/organise';
const place = (id: string, pathname: string) => ({ route: { id }, url: { pathname } });
const members = place(`${organise}/members`, '/x/organise/members');
const person = (id: string) => place(`${organise}/registrations/[id]`, `/x/organise/registrations/${id}`);

it('knows another page of the console', () => {
	expect(isPageChange(members, place(`${organise}/members/[id]`, '/x/organise/members/1'))).toBe(true);
	expect(isPageChange(person('1'), members)).toBe(true);
});

it('leaves lists that stay on the screen alone', () => {
	expect(isPageChange(members, members)).toBe(false);
	expect(isPageChange(person('1'), person('2'))).toBe(false);
});

it('is for the console alone', () => {
	expect(isPageChange(members, place('/(public)/[summit]/agenda', '/x/agenda'))).toBe(false);
	expect(isPageChange(null, members)).toBe(false);
	expect(isPageChange(members, null)).toBe(false);
});
