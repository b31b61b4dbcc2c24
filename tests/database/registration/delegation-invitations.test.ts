import { describe, expect, it } from 'vitest';
import { makeLetter, proveAddress } from '../../fixtures/inviting.ts';
import { callAs, inTurn, makePeople, makeSummit, register, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { useDelegation, type Shown } from '../../fixtures/delegating.ts';

const db = useDatabase();
const delegation = useDelegation(db);
const { makeFocal, makeAssistant, invite, shown, hall, protect } = delegation;

describe('inviting', () => {
	it('counts invited seats, and goes on into the queue only when asked to', async () => {
		const [colleague] = (await makePeople(db.owner, 1)) as [TestPerson];
		await register(db.owner, colleague, delegation.made.summit, delegation.ministry);
		expect((await invite(delegation.focal, 'a@example.org')).status).toBe('ok');
		expect((await invite(delegation.focal, 'b@example.org')).status).toBe('ok');
		expect(await hall(delegation.focal)).toMatchObject({ ceiling: 3, held: 1, invited: 2, left: 0 });
		expect((await invite(delegation.focal, 'c@example.org')).status).toBe('no_seats');
		expect((await invite(delegation.focal, 'c@example.org', 'in_person', true)).status).toBe('ok');
		expect((await invite(delegation.focal, 'd@example.org', 'virtual')).status).toBe('ok');
		const [first] = (await shown(delegation.focal)).invitations.filter(({ address }) => address === '…@example.org');
		expect(await callAs(db.owner, delegation.focal, 'public.revoke_invitation($1)', [first?.id])).toBe('ok');
		expect(await callAs(db.owner, delegation.focal, 'public.revoke_invitation($1)', [first?.id])).toBe('wrong_state');
	});

	it('is for focal points and their assistants of the own member, and for organisers', async () => {
		const outsider = await makePerson(db.owner, 'Outsider');
		const other = await makeFocal(delegation.made.members[0] ?? '');
		const speaking = await makeAssistant(delegation.focal, 'speaking');
		for (const who of [outsider, other, speaking, delegation.made.finance]) {
			expect(await invite(who, 'a@example.org')).toEqual({ status: 'not_allowed' });
		}
		const { id } = await invite(delegation.focal, 'a@example.org');
		for (const who of [outsider, other, speaking]) {
			expect(await callAs(db.owner, who, 'public.revoke_invitation($1)', [id])).toBe('not_found');
			expect(
				await callAs(db.owner, who, 'public.resend_invitation($1, $2)', [id, makeLetter('a@example.org').letter])
			).toBe('not_found');
		}
		await db.owner.query(`update public.focal_points set until = now() where person_id = $1`, [
			delegation.focal.person
		]);
		expect(await invite(delegation.focal, 'b@example.org')).toEqual({ status: 'not_allowed' });
		expect((await invite(delegation.made.organiser, 'b@example.org')).status).toBe('ok');
	});

	it('is visible to organisers who invite on the member’s behalf, and to nobody else outside the member', async () => {
		const { finance } = delegation.made;
		const other = await makeSummit(db.owner, {});
		expect((await invite(delegation.made.organiser, 'aid@example.org')).status).toBe('ok');
		const read = (who: TestPerson | null, summit = delegation.made.summit) =>
			callAs<Shown | null>(db.owner, who, 'public.member_invitations($1, $2)', [summit, delegation.ministry]);
		expect(await read(delegation.made.organiser)).toMatchObject({
			open: true,
			seats: [{ mode: 'in_person', ceiling: 3, invited: 1, left: 2 }, { mode: 'virtual' }],
			invitations: [{ address: 'a…@example.org', state: 'sent', may_send: true }]
		});
		expect(await inTurn([finance, delegation.focal, other.organiser], (who) => read(who))).toEqual([null, null, null]);
		expect(await read(other.organiser, other.summit)).toBeNull();
		// Its focal points see it in their list, and the history names the inviter.
		const [own] = await callAs<Shown[]>(db.owner, delegation.focal, 'public.read_delegation($1)', [
			delegation.made.summit
		]);
		expect(own).toMatchObject({ invitations: [{ address: 'a…@example.org' }], seats: [{ left: 2 }, {}] });
		expect(
			await readValue(
				db.owner,
				`select actor_person from audit.entries where table_name = 'private.invitations' and action = 'insert' and member_id = $1`,
				[delegation.ministry]
			)
		).toBe(delegation.made.organiser.person);
	});

	it('ends with the deadline for members, but not for organisers', async () => {
		const [colleague] = (await makePeople(db.owner, 1)) as [TestPerson];
		const { id } = await register(db.owner, colleague, delegation.made.summit, delegation.ministry);
		const invitation = await invite(delegation.focal, 'a@example.org');
		await db.owner.query(`update public.summits set nominations_close_at = now() - interval '1 second' where id = $1`, [
			delegation.made.summit
		]);
		expect(await invite(delegation.focal, 'b@example.org')).toEqual({ status: 'closed' });
		expect(
			await callAs(db.owner, delegation.focal, 'public.resend_invitation($1, $2)', [
				invitation.id,
				makeLetter('a@example.org').letter
			])
		).toBe('closed');
		expect(await callAs(db.owner, delegation.focal, 'public.nominate_registrations($1)', [[id]])).toEqual([
			{ id, status: 'closed' }
		]);
		expect((await shown(delegation.focal)).nominating).toBe(false);
		expect((await invite(delegation.made.organiser, 'b@example.org')).status).toBe('ok');
		expect(await callAs(db.owner, delegation.made.organiser, 'public.nominate_registrations($1)', [[id]])).toEqual([
			{ id, status: 'nominated' }
		]);
		expect(await callAs(db.owner, delegation.focal, 'public.revoke_invitation($1)', [invitation.id])).toBe('ok');
	});

	it('never lasts beyond the deadline', async () => {
		await db.owner.query(`update public.summits set nominations_close_at = now() + interval '2 days' where id = $1`, [
			delegation.made.summit
		]);
		const { id } = await invite(delegation.focal, 'a@example.org');
		expect(
			await readValue(
				db.owner,
				`select expires_at = (select nominations_close_at from public.summits where id = $2) from private.invitations where id = $1`,
				[id, delegation.made.summit]
			)
		).toBe(true);
	});

	it('refuses oneself, a second one to the same address, and an invalid address', async () => {
		await proveAddress(db.owner, delegation.focal, 'me@example.org');
		expect(await invite(delegation.focal, 'me@example.org')).toEqual({ status: 'self' });
		expect((await invite(delegation.focal, 'a@example.org')).status).toBe('ok');
		expect(await invite(delegation.focal, 'a@example.org')).toEqual({ status: 'already' });
		expect(await invite(delegation.focal, 'a@example.org', 'virtual')).toEqual({ status: 'already' });
		for (const letter of [
			'null',
			'"x"',
			'{}',
			makeLetter('z@example.org', { address_hash: 'zz' }).letter,
			makeLetter('z@example.org', { address_mask: 'z@example.org' }).letter
		]) {
			expect(
				await callAs(db.owner, delegation.focal, `public.invite_delegate($1, $2, 'virtual', $3)`, [
					delegation.made.summit,
					delegation.ministry,
					letter
				])
			).toEqual({ status: 'invalid' });
		}
	});

	it('shows the focal point the same, for any holder of the address', async () => {
		const people = (await makePeople(db.owner, 3)) as [TestPerson, TestPerson, TestPerson];
		const [elsewhere, hidden, hiddenElsewhere] = people;
		await register(db.owner, elsewhere, delegation.made.summit, delegation.made.members[0] ?? '', 'virtual');
		await register(db.owner, hiddenElsewhere, delegation.made.summit, delegation.made.members[0] ?? '', 'virtual');
		await protect(hidden.person);
		await protect(hiddenElsewhere.person);
		await proveAddress(db.owner, elsewhere, 'b@example.org');
		await proveAddress(db.owner, hidden, 'c@example.org');
		await proveAddress(db.owner, hiddenElsewhere, 'd@example.org');
		const seen = [];
		for (const address of ['a@example.org', 'b@example.org', 'c@example.org', 'd@example.org']) {
			const before = await shown(delegation.focal);
			const answer = await invite(delegation.focal, address, 'virtual');
			const after = await shown(delegation.focal);
			const made = after.invitations.filter(({ id }) => !before.invitations.some((one) => one.id === id));
			seen.push({
				answer: { ...answer, id: typeof answer.id },
				made: made.map((one) => ({ ...one, id: '', until: '' })),
				people: after.people
			});
		}
		expect(seen[0]?.made).toHaveLength(1);
		for (const one of seen) expect(one).toEqual(seen[0]);
	});
});
