import { expect, test } from 'vitest';
import type { Finding } from '../checks/checks.ts';
import { chosenAtFirst, newFindings } from './apply.ts';
import type { ProposedChange, SessionProposal } from './proposal.ts';

const at = (hour: number) => Date.UTC(2027, 5, 9, hour);
const session = (id: string, hour?: number) => ({
	id,
	slots:
		hour === undefined
			? []
			: [
					{
						id: `slot-${id}`,
						start: new Date(at(hour)).toISOString(),
						end: new Date(at(hour + 1)).toISOString(),
						rooms: ['a']
					}
				]
});
const proposed = (id: string, change: ProposedChange, hour?: number) =>
	({
		session: id,
		change,
		to: hour === undefined ? null : { start: at(hour), end: at(hour + 1), room: 'a' }
	}) as SessionProposal;

test('no session is chosen to lose its place, unless another one gets it', () => {
	const facts = { sessions: [session('left', 9), session('pushed', 10), session('new')] } as never;
	const all = [proposed('left', 'unplaced'), proposed('pushed', 'unplaced'), proposed('new', 'placed', 10)];
	expect([...chosenAtFirst(facts, all)]).toEqual(['new', 'pushed']);
});

test('new conflicts are those that were not there, whatever the time of both', () => {
	const finding = (code: Finding['code'], sessions: string[], detail: Finding['detail'] = {}) =>
		({ code, severity: 'warn', sessions, detail, fingerprint: '', accepted: null }) as Finding;
	const twice = finding('speaker_twice', ['one', 'two'], { person: 'ana', start: '2027-06-09T09:00:00Z' });
	const later = finding('speaker_twice', ['two', 'one'], { person: 'ana', start: '2027-06-09T10:00:00Z' });
	const other = finding('speaker_twice', ['one', 'two'], { person: 'ben' });
	const lacking = finding('no_slot', ['three']);
	const note = { ...finding('track_parallel', ['one', 'two']), severity: 'note' } as Finding;
	expect(newFindings([twice], [later, other, lacking, note])).toEqual([other]);
});
