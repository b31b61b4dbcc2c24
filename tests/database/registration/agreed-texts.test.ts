/* The text that somebody agreed to: kept as they read it, whatever the owner writes later and whatever a client sends. */
import { expect, test } from 'vitest';
import { text, type TextMap } from '../../../src/lib/i18n/locale.ts';
import { withFingerprints } from '../../../src/lib/registration/server/agreed-texts.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, makeDrafts, makeSummit, readValue } from '../../fixtures/registering.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

interface Saved {
	status: string;
	version: number;
	faults?: string[];
}
interface Consent {
	given: boolean;
	withdrawn: boolean;
	agreed_label: TextMap;
	agreed_detail: TextMap;
}

const label = { original: 'en', en: 'Photographs may be taken', fr: 'Les photographies sont permises' };
const detail = { original: 'en', en: 'For reports.', fr: 'Pour des rapports.' };
/** The fingerprint that an English page shows with a text. */
const fingerprint = (item: { label: TextMap; detail: TextMap }) => withFingerprints([item])[0]?.fingerprint;
const only = (tag: string, value: string) => ({ original: tag, [tag]: value });

/** A delegate who has sent the form, and an optional consent that they were not asked for yet. */
async function makeConsent() {
	const { summit, members, organiser } = await makeSummit(db.owner);
	const who = await makePerson(db.owner, 'Ama Mensah');
	const [id = ''] = await makeDrafts(db.owner, summit, [who], () => members[0] ?? '');
	const item = await readValue<string>(
		db.owner,
		`insert into public.consent_items (summit_id, key, label, detail) values ($1, 'photographs', $2, $3) returning id`,
		[summit, label, detail]
	);
	const conduct = [{ step: 5, fields: { code_of_conduct: true } }];
	await callAs(db.owner, who, `public.save_registration_steps($1, $2, true)`, [summit, JSON.stringify(conduct)]);
	const save = (by: TestPerson, given: boolean, fields: object = {}) =>
		callAs<Saved>(db.owner, by, `public.save_sent_steps($1, $2)`, [
			id,
			JSON.stringify([{ step: 5, fields: { consents: { [item]: given }, ...fields } }])
		]);
	const read = (by: TestPerson) =>
		actAs<Consent>(
			db.owner,
			by,
			`select given_at is not null as given, withdrawn_at is not null as withdrawn, agreed_label, agreed_detail
			from public.consents where registration_id = $1`,
			[id]
		);
	const reword = (map: object) =>
		db.owner.query(`update public.consent_items set label = $2 where id = $1`, [item, JSON.stringify(map)]);
	return { summit, who, id, item, organiser, save, read, reword };
}

test('the agreed text is that of the language of the page, and an owner changes none', async () => {
	const { who, save, read, reword } = await makeConsent();
	expect(await save(who, false)).toMatchObject({ status: 'ok' });
	expect(await read(who)).toEqual([{ given: false, withdrawn: false, agreed_label: {}, agreed_detail: {} }]);
	expect(await save(who, true, { language: 'fr' })).toMatchObject({ status: 'ok' });
	const agreed = { agreed_label: only('fr', label.fr), agreed_detail: only('fr', detail.fr) };
	expect(await read(who)).toEqual([{ given: true, withdrawn: false, ...agreed }]);
	await reword({ original: 'en', en: 'Films too', fr: 'Les films aussi' });
	expect(await read(who)).toEqual([{ given: true, withdrawn: false, ...agreed }]);
	// It is kept when it is withdrawn, and new when it is given again.
	await save(who, false, { language: 'en' });
	expect(await read(who)).toEqual([{ given: true, withdrawn: true, ...agreed }]);
	await save(who, true, { language: 'en' });
	expect(await read(who)).toEqual([
		{
			given: true,
			withdrawn: false,
			agreed_label: only('en', 'Films too'),
			agreed_detail: only('en', detail.en)
		}
	]);
});

test('giving a consent once more keeps its moment and text, unless the text has changed', async () => {
	const { who, id, save, read, reword } = await makeConsent();
	const moment = () =>
		readValue<Date>(db.owner, `select given_at from public.consents where registration_id = $1`, [id]);
	await save(who, true, { language: 'fr' });
	const first = await moment();
	// The text is the same, also for a reader of another language.
	await save(who, true, { language: 'en' });
	expect(await moment()).toEqual(first);
	expect((await read(who))[0]?.agreed_label).toEqual(only('fr', label.fr));
	await reword({ ...label, en: 'Only the English text has changed' });
	await save(who, true, { language: 'en' });
	expect(await moment()).toEqual(first);
	await reword({ ...label, fr: 'Un autre texte' });
	await save(who, true, { language: 'fr' });
	expect(await moment()).not.toEqual(first);
	expect((await read(who))[0]?.agreed_label).toEqual(only('fr', 'Un autre texte'));
});

test('at the help desk people agree to the present text, in their own language', async () => {
	const { summit, members } = await makeSummit(db.owner);
	const who = await makePerson(db.owner, 'Ama Mensah');
	const [id = ''] = await makeDrafts(db.owner, summit, [who], () => members[0] ?? '');
	const item = await readValue<string>(
		db.owner,
		`insert into public.consent_items (summit_id, key, label, is_required) values ($1, 'privacy', $2, true) returning id`,
		[summit, label]
	);
	await db.owner.query(`insert into public.person_preferences (person_id, locale) values ($1, 'fr')`, [who.person]);
	const walkIn = async () => {
		await db.owner.query(`select private.walk_in_draft($1, $2, $3, $4)`, [
			summit,
			who.person,
			id,
			{ category: 'delegate', mode: 'virtual', member_id: members[0] }
		]);
		const { rows } = await db.owner.query<{ given_at: Date; agreed_label: TextMap }>(
			`select given_at, agreed_label from public.consents where registration_id = $1 and withdrawn_at is null`,
			[id]
		);
		return rows[0];
	};
	const first = await walkIn();
	expect(first?.agreed_label).toEqual(only('fr', label.fr));
	expect(await walkIn()).toEqual(first);
	await db.owner.query(`update public.consent_items set label = $2 where id = $1`, [item, { ...label, fr: 'Autre' }]);
	expect((await walkIn())?.agreed_label).toEqual(only('fr', 'Autre'));
	await db.owner.query(`update public.consents set withdrawn_at = now() where registration_id = $1`, [id]);
	const again = await walkIn();
	expect(again?.given_at.getTime()).toBeGreaterThan(first?.given_at.getTime() ?? Infinity);
});

test('nobody agrees to a text that their page did not show', async () => {
	const { who, item, save, read, reword } = await makeConsent();
	const shown = { [item]: fingerprint({ label, detail }) };
	const other = { ...label, en: 'Photographs and films' };
	await reword(other);
	expect(await save(who, true, { language: 'en', shown })).toMatchObject({ status: 'invalid', faults: ['reworded'] });
	expect(await read(who)).toEqual([]);
	// A page in another language showed another text.
	expect(await save(who, true, { language: 'fr', shown })).toMatchObject({ status: 'invalid', faults: ['reworded'] });
	const now = { [item]: fingerprint({ label: other, detail }) };
	expect(await save(who, true, { language: 'en', shown: now })).toMatchObject({ status: 'ok' });
	// Withdrawing asks for no text.
	expect(await save(who, false, { language: 'en', shown })).toMatchObject({ status: 'ok' });
});

test('no client sets or changes an agreed text', async () => {
	const { who, item, organiser, save, read, id } = await makeConsent();
	const forged = { agreed_label: only('en', 'Anything'), label: only('en', 'Anything'), detail: {}, language: 'xx' };
	await save(who, true, forged);
	expect((await read(who))[0]).toMatchObject({ agreed_label: only('en', label.en) });
	for (const by of [who, organiser]) {
		const write = actAs(db.owner, by, `update public.consents set agreed_label = '{}' where registration_id = $1`, [
			id
		]);
		await expect(write).rejects.toThrow('permission denied');
		const add = actAs(
			db.owner,
			by,
			`insert into public.consents (registration_id, person_id, item_id) values ($1, $2, $3)`,
			[id, who.person, item]
		);
		await expect(add).rejects.toThrow('permission denied');
	}
	// Not even a write of the tables' owner changes it without giving the consent again.
	await db.owner.query(`update public.consents set agreed_label = $2 where registration_id = $1`, [
		id,
		only('en', 'Anything')
	]);
	expect((await read(who))[0]?.agreed_label).toEqual(only('en', label.en));
});

test('the person, their assistant and registration read it, and nobody else', async () => {
	const { who, organiser, save, read } = await makeConsent();
	const [assistant, outsider] = [await makePerson(db.owner, 'Assistant'), await makePerson(db.owner, 'Outsider')];
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'registration')`,
		[assistant.account, who.person]
	);
	expect(await save(assistant, true, { language: 'fr' })).toMatchObject({ status: 'ok' });
	for (const reader of [who, assistant, organiser])
		expect(await read(reader)).toMatchObject([{ agreed_label: only('fr', label.fr) }]);
	expect(await read(outsider)).toEqual([]);
});

test('the database and the pages choose the same language of a text', async () => {
	const maps: TextMap[] = [
		label,
		{ original: 'es', es: 'Hola', 'fr-CA': 'Allô', en: ' ' },
		{ original: 'sw', sw: 'Habari', pt: 'Olá' },
		{ original: 'sw', sw: ' ', pt: 'Olá', am: 'ሰላም' },
		{ original: 'ar', ar: 'مرحبا', en: 'Hello' },
		{}
	];
	for (const map of maps)
		for (const language of ['en', 'fr', 'fr-CA', 'es', 'ar', 'pt-BR', '', 'original']) {
			// As the pages get it: the database decides the order of the languages in a map.
			const stored = await readValue<TextMap>(db.owner, `select $1::jsonb`, [JSON.stringify(map)]);
			const chosen = text(stored, language);
			const expected = chosen.text === '' ? {} : only(chosen.lang, chosen.text);
			expect(
				await readValue(db.owner, `select private.text_as_shown($1, $2)`, [JSON.stringify(map), language])
			).toEqual(expected);
		}
});
