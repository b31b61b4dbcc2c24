import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { enums } from '#lib/database/types.ts';
import { chosenKinds } from './endpoint-form.ts';
import { kindGroups, eventWord } from './words.ts';

const chosen = enums.webhook_kind.filter((kind) => kind !== 'webhook.test');

test('docs/webhooks.md lists each kind of event, in the order of the database', () => {
	const listed = [...readFileSync('docs/webhooks.md', 'utf8').matchAll(/^\| `([a-z_.]+)`/gm)].map(([, kind]) => kind);
	expect(listed).toEqual(enums.webhook_kind);
});

test('the form offers each kind once, with words of its own', () => {
	const offered = kindGroups().flatMap(({ kinds }) => kinds);
	expect([...offered].sort()).toEqual([...chosen].sort());
	expect(new Set(enums.webhook_kind.map(eventWord)).size).toBe(enums.webhook_kind.length);
});

test('reads what was chosen in each group, and no kind in a group of others', () => {
	expect(chosenKinds({ 'people[]': ['letter.issued'], 'live[]': ['session.live', 'page.published'] })).toEqual([
		'letter.issued',
		'session.live'
	]);
	expect(chosenKinds({})).toEqual([]);
});
