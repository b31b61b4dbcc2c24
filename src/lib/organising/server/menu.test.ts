/* Which pages each role finds in the organisers' menu. */
import { expect, test } from 'vitest';
import { makeViewer } from '../../../../tests/fixtures/viewer.ts';
import { currentEntry } from '#lib/ui/navigation.ts';
import { opensByRole, ruleFor } from '#lib/accounts/guard.ts';
import { organiserRoles, type Viewer } from '#lib/accounts/viewer.ts';
import { organiseGroups } from './menu.ts';

const place = { id: 's', slug: '2027' };
const viewer = (...roles: string[]): Viewer => makeViewer({ roles: roles.map((role) => ({ role, summitId: 's' })) });
const pagesOf = (who: Viewer) =>
	Object.fromEntries(organiseGroups(who, place).map(({ key, entries }) => [key, entries.map((entry) => entry.key)]));

test('each role finds its groups, and an owner all but safeguarding’s own pages', () => {
	const found = Object.fromEntries(organiserRoles.map((role) => [role, Object.keys(pagesOf(viewer(role)))]));
	expect(found).toEqual({
		programme: ['overview', 'people', 'programme', 'live', 'on-site', 'communication', 'settings'],
		registration: ['overview', 'people', 'on-site', 'communication', 'safeguarding', 'settings'],
		finance: ['overview', 'people', 'money', 'settings'],
		stage: ['overview', 'people', 'live', 'on-site', 'communication', 'settings'],
		safeguarding: ['overview', 'people', 'on-site', 'communication', 'safeguarding', 'settings'],
		owner: ['overview', 'people', 'programme', 'live', 'on-site', 'communication', 'money', 'safeguarding', 'settings']
	});
	expect(pagesOf(viewer('owner'))['safeguarding']).toEqual(['/safeguarding', '/reveals']);
	expect(pagesOf(viewer('safeguarding'))['safeguarding']).toContain('/safeguarding/cases');
});

test('the needs are for teams: an owner who is in none does not find them', () => {
	expect(pagesOf(viewer('owner'))['people']).not.toContain('/needs');
	for (const roles of [['stage'], ['owner', 'finance']])
		expect(pagesOf(viewer(...roles))['people'], roles.join()).toContain('/needs');
});

test('nobody finds a page of another Summit, or one that their roles do not open', () => {
	expect(organiseGroups(viewer(), place)).toEqual([]);
	expect(organiseGroups(viewer('owner'), { id: 'other', slug: '2029' })).toEqual([]);
	expect(organiseGroups(null, place)).toEqual([]);
	expect(opensByRole(ruleFor('/(organiser)/[summit]/organise/safeguarding/cases'), viewer('owner'), 's')).toBe(false);
	expect(opensByRole(ruleFor('/(delegate)/[summit]/me'), viewer('owner'), 's')).toBe(false);
});

test('a role that waits for a passkey shows its pages: they ask for it', () => {
	const waiting = { ...viewer(), unconfirmedRoles: [{ role: 'finance', summitId: null }] };
	expect(pagesOf(waiting)['money']).toContain('/money/bank');
});

test('each page belongs to one group, and a page below it marks it', () => {
	const all = organiseGroups(viewer('owner', 'safeguarding'), place).flatMap(({ entries }) => entries);
	expect(new Set(all.map(({ href }) => href)).size).toBe(all.length);
	const current = (path: string) => currentEntry(`/2027/organise${path}`, all);
	expect(
		['/orders/1', '/money/bank', '/agenda/rooms', '/agenda/x', '/help-desk/protected', '/help-desk/walk-in'].map(
			current
		)
	).toEqual(['/orders', '/money/bank', '/agenda/rooms', '/agenda', '/help-desk/protected', '/help-desk']);
});
