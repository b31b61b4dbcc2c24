import { expect, it } from 'vitest';
import { expectedIn, peopleIn } from './green-room.ts';
import type { StagePerson } from './stage.ts';

const person = (code: string, identity: string | null, is_barred = false): StagePerson => ({
	identity,
	code,
	display_name: `Person ${code}`,
	office: '',
	affiliation: '',
	role: 'speaker',
	is_on_stage: false,
	is_kept_off: false,
	is_silenced: false,
	is_run_host: false,
	is_barred
});
const people = [person('HERE', 'p1'), person('AWAY', 'p2'), person('NEVER', null), person('BARRED', 'p3', true)];
const manager = {
	identity: 'm1',
	code: 'MANAGER',
	display_name: 'Manager',
	office: '',
	affiliation: '',
	role: 'manager' as const
};

it('contains everyone whom LiveKit lists, the stage manager included, and nobody without a name', () => {
	expect(peopleIn(people, [manager], ['p1', 'm1', 'unknown']).map(({ code }) => code)).toEqual(['HERE', 'MANAGER']);
	expect(peopleIn(people, [manager], ['p2']).map(({ code }) => code)).toEqual(['AWAY']);
});

it('expects those with a part in the session who are not barred and not here', () => {
	expect(expectedIn(people, peopleIn(people, [manager], ['p1', 'm1'])).map(({ code }) => code)).toEqual([
		'AWAY',
		'NEVER'
	]);
});
