/* The profile of speakers, which they edit themselves: checked fields, aliases, and no lost edit. */
import { beforeEach, describe, expect, test } from 'vitest';
import { text as english } from '../../fixtures/logistics.ts';
import { callAs, connectMany } from '../../fixtures/registering.ts';
import { givePart, addAssistant, setAlias } from '../../fixtures/speaking.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

interface Profile {
	display_name: string;
	version: string;
	biography: object;
	links: object[];
	is_protected: boolean;
	in_review: boolean;
}
interface Saved {
	status: string;
	faults?: string[];
	profile?: Profile;
	review?: boolean;
}

const db = useDatabase();
let world: World;
let speaker: TestPerson;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	speaker = world.people.speaker;
});

const profileOf = (who: TestPerson, of = who) =>
	callAs<Profile | null>(db.owner, who, 'public.read_speaker_profile($1, $2)', [world.summit, of.person]);
const saveProfile = (who: TestPerson, of: TestPerson, fields: object, version: string | undefined, on = db.owner) =>
	callAs<Saved>(on, who, 'public.save_speaker_profile($1, $2, $3, $4)', [
		world.summit,
		of.person,
		JSON.stringify({ display_name: of.name, office: 'Head', affiliation: 'Harbour', country: 'UY', ...fields }),
		version
	]);
describe('the profile', () => {
	test('is edited by the speaker and their assistant, and nobody else', async () => {
		const { delegate, programme, virtual } = world.people;
		await addAssistant(db.owner, delegate, speaker);
		await addAssistant(db.owner, virtual, speaker, 'registration');
		for (const who of [speaker, delegate]) expect((await profileOf(who, speaker))?.display_name).toBe(speaker.name);
		for (const who of [programme, virtual]) {
			expect(await profileOf(who, speaker)).toBeNull();
			expect(await saveProfile(who, speaker, {}, (await profileOf(speaker))?.version)).toEqual({ status: 'not_found' });
		}
		// A person who declined everything is no longer a speaker.
		await db.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [speaker.person]);
		expect(await profileOf(speaker)).toBeNull();
	});

	test('has a biography in several languages, starts a review of checked fields, and loses no edit', async () => {
		const { version } = (await profileOf(speaker)) as Profile;
		const biography = { original: 'fr', fr: 'Elle dirige.', ar: 'تدير.' };
		const links = [{ url: 'https://harbour.example/team' }];
		expect(await saveProfile(speaker, speaker, { biography, links }, version)).toEqual({ status: 'ok', review: true });
		const shown = await callAs<{ biography: object; links: object[]; affiliation: string }>(
			db.owner,
			null,
			`public.read_speaker($1, (select code from public.people where id = $2))`,
			[world.summit, speaker.person]
		).catch(() => null);
		expect(shown ?? (await profileOf(speaker))).toMatchObject({ biography, links });
		const late = await saveProfile(speaker, speaker, { biography: english('Mine') }, version);
		expect(late).toMatchObject({ status: 'conflict', profile: { biography } });
		expect((await profileOf(speaker))?.biography).toEqual(biography);
	});

	test('saves one of two simultaneous edits, and reports the conflict to the other', async () => {
		const { version } = (await profileOf(speaker)) as Profile;
		const clients = await connectMany(db, 6);
		const answers = await Promise.all(
			clients.map((one, n) => saveProfile(speaker, speaker, { biography: english(`No ${n}`) }, version, one))
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([...Array<string>(5).fill('conflict'), 'ok']);
	});

	test.each([
		[{ links: [{ url: 'http://plain.example' }] }, 'links'],
		[{ links: [{ url: 'javascript:alert(1)' }] }, 'links'],
		[{ links: [{ url: 'https://a.example/"><b' }] }, 'links'],
		[{ links: Array.from({ length: 6 }, () => ({ url: 'https://a.example' })) }, 'links'],
		[{ biography: { original: 'en', en: 'x'.repeat(4001) } }, 'biography'],
		[{ biography: { fr: 'sans original' } }, 'biography'],
		[{ biography: [] }, 'biography'],
		[{ display_name: ' ' }, 'display_name'],
		[{ country: 'Uruguay' }, 'country']
	])('%o is refused', async (fields, fault) => {
		const version = (await profileOf(speaker))?.version;
		expect(await saveProfile(speaker, speaker, fields, version)).toEqual({ status: 'invalid', faults: [fault] });
	});

	test('of a person with an alias changes only the alias, and no link leads to the person', async () => {
		const hidden = await setAlias(db.owner, speaker, 'Noor Field');
		const before = (await profileOf(hidden)) as Profile;
		expect(before).toMatchObject({ display_name: 'Noor Field', is_protected: true, biography: {}, links: [] });
		const links = [{ url: 'https://harbour.example/team' }];
		expect(await saveProfile(hidden, hidden, { links }, before.version)).toEqual({
			status: 'invalid',
			faults: ['links']
		});
		const fields = { display_name: speaker.name, office: 'Head of Harbour', biography: english('Works on referral.') };
		expect(await saveProfile(hidden, hidden, fields, before.version)).toMatchObject({ status: 'ok' });
		expect(await profileOf(hidden)).toMatchObject({
			display_name: 'Noor Field',
			office: '',
			country: null,
			affiliation: ''
		});
		// The text written before the alias is deleted with it.
		const open = await makePerson(db.owner, 'Ivo Open');
		await givePart(db.owner, world.sessions.public.id, open);
		await saveProfile(open, open, { biography: english('Known'), links }, (await profileOf(open))?.version);
		expect(await profileOf(await setAlias(db.owner, open, 'Other'))).toMatchObject({ biography: {}, links: [] });
	});
});
