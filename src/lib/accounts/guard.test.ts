import { describe, expect, it } from 'vitest';
import { makeViewer } from '../../../tests/fixtures/viewer.ts';
import { isPutAway } from './archive.ts';
import { judge, ruleFor } from './guard.ts';
import type { Viewer } from './viewer.ts';

const here = '11111111-1111-4111-8111-111111111111';
const elsewhere = '22222222-2222-4222-8222-222222222222';

const person = (...roles: [role: string, summitId: string | null][]): Viewer =>
	makeViewer({ roles: roles.map(([role, summitId]) => ({ role, summitId })) });

const at = (route: string, viewer: Viewer | null, summit: string | null = here) =>
	judge(ruleFor(route), viewer, summit);

describe('the guard', () => {
	it('opens public pages to everyone', () => {
		for (const route of [
			'/(public)',
			'/(public)/[summit]/agenda',
			'/(stage)/[summit]/live/[room]',
			'/(account)/sign-in',
			'/api/events',
			'/healthz',
			'/webhooks/stripe'
		]) {
			expect([route, at(route, null)]).toEqual([route, 'enter']);
		}
	});

	it('requires sign-in everywhere else', () => {
		for (const route of [
			'/(account)/account',
			'/(delegate)/[summit]/me',
			'/(member)/[summit]/delegation',
			'/(speaker)/[summit]/speak',
			'/(organiser)/[summit]/organise',
			'/(door)/[summit]/door'
		]) {
			expect([route, at(route, null)]).toEqual([route, 'sign-in']);
		}
	});

	it('refuses organiser pages to people without a role', () => {
		const delegate = person();
		expect(at('/(delegate)/[summit]/me', delegate)).toBe('enter');
		expect(at('/(organiser)/[summit]/organise', delegate)).toBe('forbidden');
		expect(at('/(door)/[summit]/door', delegate)).toBe('forbidden');
	});

	it('applies a role to the Summit it was given for', () => {
		const registrar = person(['registration', here]);
		expect(at('/(organiser)/[summit]/organise/registrations/[id]', registrar)).toBe('enter');
		expect(at('/(organiser)/[summit]/organise/registrations', registrar, elsewhere)).toBe('forbidden');
		expect(at('/(organiser)/[summit]/organise/orders', registrar)).toBe('forbidden');
		expect(at('/(organiser)/organise/new', registrar, null)).toBe('forbidden');
	});

	it('applies a role for all Summits', () => {
		expect(at('/(organiser)/[summit]/organise/agenda', person(['programme', null]), elsewhere)).toBe('enter');
	});

	it('lets an owner in everywhere', () => {
		const owner = person(['owner', null]);
		for (const route of [
			'/(organiser)/organise/new',
			'/(organiser)/[summit]/organise/settings',
			'/(organiser)/[summit]/organise/orders',
			'/(door)/[summit]/door'
		]) {
			expect([route, at(route, owner)]).toEqual([route, 'enter']);
		}
	});

	it('asks for a passkey where a role counts only with one', () => {
		const owner: Viewer = {
			...person(['stage', here]),
			unconfirmedRoles: [
				{ role: 'owner', summitId: here },
				{ role: 'deputy', summitId: here }
			]
		};
		expect(at('/(organiser)/[summit]/organise', owner)).toBe('enter');
		expect(at('/(organiser)/[summit]/organise/settings', owner)).toBe('confirm');
		expect(at('/(organiser)/[summit]/organise/settings', owner, elsewhere)).toBe('forbidden');
		expect(at('/(organiser)/[summit]/organise/help-desk/protected', owner)).toBe('forbidden');
		expect(at('/(organiser)/[summit]/organise/safeguarding/concerns', owner)).toBe('confirm');
		expect(at('/(organiser)/[summit]/organise/safeguarding/concerns', person())).toBe('enter');
	});

	it('gives an owner of one Summit nothing in another', () => {
		const owner = person(['owner', here]);
		expect(at('/(organiser)/[summit]/organise/settings', owner, elsewhere)).toBe('forbidden');
		expect(at('/(organiser)/organise/new', owner, null)).toBe('forbidden');
	});

	it('opens a route group without a rule to owners only', () => {
		expect(at('/(secret)/x', person(['registration', null]))).toBe('forbidden');
		expect(at('/unknown', null)).toBe('sign-in');
	});

	it('applies no rule to a route that only shares its prefix', () => {
		expect(ruleFor('/(account)/accounting')).toBe('anyone');
		expect(ruleFor('/(organiser)/[summit]/organise/ordersheet')).toEqual(ruleFor('/(organiser)/[summit]/organise'));
	});
});

describe('safeguarding', () => {
	it('is not included in the owner role', async () => {
		const { holdsRole } = await import('./viewer.ts');
		expect(holdsRole(person(['owner', null]), here, 'safeguarding')).toBe(false);
		expect(holdsRole(person(['safeguarding', here]), here, 'safeguarding')).toBe(true);
	});
});

it('puts away the pages of an archived Summit, but what people take back, pay or send late', () => {
	const kept = [
		...[
			'me/data',
			'me/certificate',
			'me/withdraw',
			'me/wards/[registration]',
			'me/pay',
			'me/paid',
			'surveys/[survey]',
			'feedback/token',
			'invoices'
		],
		'register'
	].map((path) => `/(delegate)/[summit]/${path}`);
	const others = ['(speaker)/[summit]/speak', '(speaker)/[summit]/speak/photo', '(member)/[summit]/delegation/orders'];
	const away = (state: string) =>
		[
			...kept,
			...[...others, '(door)/[summit]/door/sync', '(door)/[summit]/door/scan', '(public)/[summit]/agenda'].map(
				(id) => `/${id}`
			),
			...['me', 'me/agenda', 'sessions/[code]'].map((path) => `/(delegate)/[summit]/${path}`),
			...['speak/[participation]/texts', 'speak/profile'].map((path) => `/(speaker)/[summit]/${path}`),
			'/(member)/[summit]/delegation'
		].filter((id) => isPutAway(id, state));
	expect(away('closed')).toEqual([]);
	expect(away('archived')).toEqual([
		'/(delegate)/[summit]/register',
		'/(door)/[summit]/door/scan',
		'/(delegate)/[summit]/me',
		'/(delegate)/[summit]/me/agenda',
		'/(delegate)/[summit]/sessions/[code]',
		'/(speaker)/[summit]/speak/[participation]/texts',
		'/(speaker)/[summit]/speak/profile',
		'/(member)/[summit]/delegation'
	]);
});
