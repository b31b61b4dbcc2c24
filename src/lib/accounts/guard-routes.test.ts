/* The rules of the guard and the routes that exist: no rule is left over, and no group of routes is without one. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { guardRules } from './guard.ts';

const routes = [
	...new Set(
		readdirSync(join(import.meta.dirname, '../../routes'), { recursive: true, encoding: 'utf8' })
			.filter((file) => /\+(?:page\.svelte|page\.server\.ts|server\.ts)$/.test(file))
			.map((file) => `/${dirname(file)}`)
	)
];
const covers = (rule: string, route: string) => route === rule || route.startsWith(`${rule}/`);

it('has no rule without a route', () => {
	expect(routes.length).toBeGreaterThan(100);
	expect(Object.keys(guardRules).filter((rule) => !routes.some((route) => covers(rule, route)))).toEqual([]);
});

it('has a rule for every route', () => {
	expect(routes.filter((route) => !Object.keys(guardRules).some((rule) => covers(rule, route)))).toEqual([]);
});

it('decides nothing twice: a rule differs from the one that would hold without it', () => {
	const repeated = Object.entries(guardRules).filter(([path, rule]) => {
		const above = Object.keys(guardRules)
			.filter((other) => other !== path && covers(other, path))
			.sort((a, b) => b.length - a.length)[0];
		return above !== undefined && JSON.stringify(guardRules[above]) === JSON.stringify(rule);
	});
	expect(repeated.map(([path]) => path)).toEqual([]);
});
