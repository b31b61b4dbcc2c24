/* Figures of cases: for leads alone, without small groups, and without what is about their reader. */
import { expect, test } from 'vitest';
import { concernActs } from '../../fixtures/raising-concerns.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const { hex, raise, mark, newLead } = concernActs(stage);

interface Figures {
	smallest_group: number;
	concerns: number | null;
	cases: number | null;
	groups: { dimension: string; value: string | null; count: number }[];
	minutes_to_answer: number | null;
}
const figures = (who: TestPerson | null) =>
	stage.callAs<Figures | null>(who, `select public.concern_figures($1)`, [stage.world.summit]);

/** Cases of a category, each of a concern of its own; answers the concerns. */
async function open(category: string, count: number, severity = 'high'): Promise<string[]> {
	const made: string[] = [];
	for (let number = 0; number < count; number++) {
		const concern = await raise();
		await stage.callAs(
			stage.world.people.safeguarding,
			`select public.open_case(array[$1]::uuid[], $3, $4, $2, 'key')`,
			[concern, hex('case key'), severity, category]
		);
		made.push(concern);
	}
	return made;
}
const of = (found: Figures | null, dimension: string) =>
	Object.fromEntries(
		(found?.groups ?? []).filter((one) => one.dimension === dimension).map(({ value, count }) => [value ?? '', count])
	);

test('are for safeguarding leads alone', async () => {
	const { people } = stage.world;
	await open('child', 6);
	expect(await figures(people.safeguarding)).toMatchObject({ smallest_group: 5, concerns: 6, cases: 6 });
	for (const who of Object.values(people).filter((one) => one !== people.safeguarding))
		expect([who.name, await figures(who)]).toEqual([who.name, null]);
	await expect(figures(null)).rejects.toThrow(/permission denied/);
});

test('name no group of fewer than five, nor let one be found by subtracting', async () => {
	const lead = stage.world.people.safeguarding;
	await open('child', 4);
	expect(await figures(lead)).toMatchObject({ concerns: null, cases: null, groups: [] });
	await open('harassment', 7);
	// The four alone would follow from the total, so that the smallest other group joins them.
	expect(of(await figures(lead), 'category')).toEqual({ '': 11 });
	await open('threat', 9);
	expect(of(await figures(lead), 'category')).toEqual({ threat: 9, '': 11 });
	await open('other', 2);
	// Two groups that are not named are enough people together.
	expect(of(await figures(lead), 'category')).toEqual({ threat: 9, harassment: 7, '': 6 });
	expect(of(await figures(lead), 'severity')).toEqual({ high: 22 });
	expect(of(await figures(lead), 'outcome')).toEqual({});
});

test('count nothing that is about their reader', async () => {
	const other = await newLead();
	const [first] = await open('child', 6);
	expect(await figures(other)).toMatchObject({ concerns: 6, cases: 6 });
	await mark(stage.world.people.safeguarding, first ?? '', other);
	expect(await figures(other)).toMatchObject({ concerns: 5, cases: 5 });
});

test('say how long the first answer took in the middle, when enough were answered', async () => {
	const lead = stage.world.people.safeguarding;
	const concerns = await open('child', 6);
	const answerAfter = (concern: string | undefined, minutes: number) =>
		stage.owner.query(
			`insert into private.concern_messages (concern_id, is_from_desk, text_sealed, key_id, form_hash, sent_at)
			select id, true, 'x', 'key', sha256(convert_to(id::text || $2::text, 'UTF8')), created_at + $2::integer * interval '1 minute'
			from private.concerns where id = $1`,
			[concern, minutes]
		);
	for (const [index, minutes] of [10, 20, 30, 40].entries()) await answerAfter(concerns[index], minutes);
	expect((await figures(lead))?.minutes_to_answer).toBeNull();
	await answerAfter(concerns[4], 500);
	await answerAfter(concerns[0], 900);
	expect((await figures(lead))?.minutes_to_answer).toBe(30);
});
