/*
 * The server is killed twice while a hundred and twenty people register and pay, many by double clicks: it restarts, every person succeeds
 * by trying again, and the rules hold: no seat sold twice, no place in the queue lost, each payment once, each mail written once.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { callAs, faultsOf, makeSummit, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { openSessions, type Session } from '../../fixtures/sessions.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';

const PAYERS = 40;
const NEWCOMERS = 80;
const HALL = 70;

interface Play {
	stack: TestSummit;
	client: pg.Client;
	world: RegisteringSummit;
	slug: string;
	payers: (Session & { order: string })[];
	newcomers: Session[];
}

/** A Summit whose hall has room for the payers and for some of the newcomers. */
async function begin(stack: TestSummit): Promise<Play> {
	const client = new pg.Client({ connectionString: stack.variables.DATABASE_URL });
	client.on('error', () => undefined);
	await client.connect();
	const world = await makeSummit(client, { hall: HALL, members: 30, fee: 5000 });
	const slug = await readValue<string>(client, `select slug from public.summits where id = $1`, [world.summit]);
	const sessions = await openSessions(
		stack.variables,
		Array.from({ length: PAYERS + NEWCOMERS }, (_, n) => `rush-${n}-${randomUUID()}@example.org`)
	);
	await client.query(
		`update public.people set display_name = 'Delegate ' || left(id::text, 8), office = 'Coordinator', country = 'PT' where id = any ($1)`,
		[sessions.map(({ person }) => person)]
	);
	const members = [...world.members.slice(0, 10), ...world.members.slice(20)];
	await client.query(
		`insert into public.registrations (summit_id, person_id, member_id, mode, form_step, code_of_conduct_at)
		select $1, p, case when n <= $4 then ($5::uuid[])[1 + n % 10] else ($3::uuid[])[1 + n % 20] end, 'in_person', 5, case when n <= $4 then now() end
		from unnest($2::uuid[]) with ordinality as t (p, n)`,
		[world.summit, sessions.map(({ person }) => person), members, PAYERS, world.members.slice(10, 20)]
	);
	const payers = sessions.slice(0, PAYERS);
	const ids: string[] = [];
	for (const { account, person } of payers) {
		const id = await readValue<string>(client, `select id from public.registrations where person_id = $1`, [person]);
		await callAs(client, { account, person, name: '' }, `private.submit_registration($1)`, [id]);
		ids.push(id);
	}
	await callAs(client, world.organiser, `public.decide_registrations($1, 'accredit')`, [ids]);
	const orders = new Map<string, string>();
	for (const payer of payers)
		orders.set(
			payer.person,
			await readValue(client, `select id from public.orders where payer_person_id = $1`, [payer.person])
		);
	return {
		stack,
		client,
		world,
		slug,
		payers: payers.map((payer) => ({ ...payer, order: orders.get(payer.person) ?? '' })),
		newcomers: sessions.slice(PAYERS)
	};
}

/** Submits a form as a browser without JavaScript does, and repeats it until the server answers. */
async function postUntilAccepted(
	play: Play,
	path: string,
	{ cookie }: Session,
	fields: Record<string, string>
): Promise<string> {
	for (const until = Date.now() + 60_000; Date.now() < until; await pause(300)) {
		try {
			const answer = await fetch(play.stack.origin + path, {
				method: 'POST',
				redirect: 'manual',
				headers: { cookie, origin: play.stack.origin, accept: 'text/html' },
				body: new URLSearchParams(fields),
				signal: AbortSignal.timeout(30_000)
			});
			await answer.arrayBuffer();
			if (answer.status < 500) return `${answer.status} ${answer.headers.get('location') ?? ''}`;
		} catch {
			// The server is down, or was killed while it answered.
		}
	}
	throw new Error(`${path} was never answered`);
}

/** Follows the button to Stripe's page and pays there; some press the button twice. */
async function pay(play: Play, payer: Play['payers'][number], twice: boolean): Promise<void> {
	const go = () => postUntilAccepted(play, `/${play.slug}/me/pay`, payer, { order: payer.order });
	const answers = await Promise.all(twice ? [go(), go()] : [go()]);
	const pages = new Set(answers.map((answer) => /^303 .*\/pay\/(cs_test\w+)$/.exec(answer)?.[1]));
	expect([...pages], answers.join(' and ')).toEqual([expect.stringMatching(/^cs_test/)]);
	const paid = await fetch(`${play.stack.variables.STRIPE_API_URL}/_test/sessions/${[...pages][0]}/pay`, {
		method: 'POST',
		body: '{}'
	});
	expect(paid.status).toBe(200);
}

/** Kills the server with SIGKILL, and returns the mails that were being sent at that moment. */
async function kill({ stack, client }: Play): Promise<string[]> {
	const { pid } = JSON.parse(readFileSync(join(stack.dataFolder, 'run/app.json'), 'utf8')) as { pid: number };
	process.kill(-pid, 'SIGKILL');
	const { rows } = await client.query<{ id: string }>(`select id from private.outbox where state = 'sending'`);
	return rows.map(({ id }) => id);
}

test('loses nothing, sells nothing twice and completes every registration when killed twice during a rush', async () => {
	// It takes half a minute on an idle machine.
	test.setTimeout(240_000);
	const stack = await startStack();
	try {
		const play = await begin(stack);
		const { client, world, slug } = play;
		let answered = 0;
		const unsure: string[] = [];
		const total = PAYERS + NEWCOMERS;
		const killing = (async () => {
			for (const share of [0.2, 0.6]) {
				while (answered < total * share) await pause(5);
				unsure.push(...(await kill(play)));
			}
		})();
		await Promise.all([
			killing,
			...play.newcomers.map(async (person) => {
				const send = () =>
					postUntilAccepted(play, `/${slug}/register/5`, person, { version: '1', code_of_conduct: 'on' });
				for (const answer of await Promise.all([send(), send()])) {
					// A person who never received the answer is shown that the form was submitted.
					expect(answer).toMatch(new RegExp(`^303 /${slug}/me(\\?done=sent)?$`));
				}
				answered += 1;
			}),
			...play.payers.map(async (payer, n) => {
				await pay(play, payer, n % 2 === 0);
				answered += 1;
			})
		]);
		const states = async () =>
			(
				await client.query<{ state: string; count: number }>(
					`select state, count(*)::integer as count from public.registrations where summit_id = $1 group by state order by state`,
					[world.summit]
				)
			).rows;
		await expect.poll(states, { timeout: 40_000 }).toEqual([
			{ state: 'submitted', count: NEWCOMERS },
			{ state: 'confirmed', count: PAYERS }
		]);
		expect(await faultsOf(client, world.summit)).toEqual([]);
		expect(
			await readValue(
				client,
				`select jsonb_build_object('taken', (select count(*) from public.seats where summit_id = $1 and state = 'taken'),
					'held', (select count(*) from public.seats where summit_id = $1 and state = 'held'),
					'waiting', (select jsonb_agg(rank order by rank) from public.queue_entries where summit_id = $1 and state = 'waiting'),
					'payments', (select jsonb_agg(distinct n) from (select count(*) as n from public.order_adjustments as a
						join public.orders as o on o.id = a.order_id where o.summit_id = $1 and a.kind = 'payment' group by o.id) as each),
					'refunds', (select count(*) from public.refunds as f join public.orders as o on o.id = f.order_id where o.summit_id = $1))`,
				[world.summit]
			)
		).toEqual({
			taken: PAYERS,
			held: HALL - PAYERS,
			waiting: Array.from({ length: NEWCOMERS + PAYERS - HALL }, (_, n) => n + 1),
			payments: [1],
			refunds: 0
		});

		// Mails in progress at the kill are sent within a minute.
		unsure.push(...(await kill(play)));
		const killedAt = Date.now();
		await expect
			.poll(
				() =>
					readValue(client, `select array_agg(distinct state) from private.outbox where summit_id = $1`, [
						world.summit
					]),
				{ timeout: 60_000 }
			)
			.toBe('{sent}');
		expect(Date.now() - killedAt).toBeLessThan(60_000);
		const written = await client.query<{ id: string; template: string; once: boolean }>(
			`select id, template, count(*) over (partition by person_id, template) = 1 as once from private.outbox where summit_id = $1`,
			[world.summit]
		);
		expect(written.rows.filter(({ once }) => !once)).toEqual([]);
		const mails = (await (await fetch(`${stack.variables.LOCAL_INBOX_URL}/messages`)).json()) as {
			headers: Record<string, string>;
		}[];
		const came = new Map<string, number>();
		for (const { headers } of mails) {
			const id = /[0-9a-f-]{36}/.exec(headers['message-id'] ?? '')?.[0] ?? '';
			came.set(id, (came.get(id) ?? 0) + 1);
		}
		expect(written.rows.filter(({ id }) => !came.has(id))).toEqual([]);
		// A mail that was just sent when the server died is sent again, with the same message id.
		expect([...came].filter(([id, times]) => times > 1 && !unsure.includes(id))).toEqual([]);
		await client.end();
	} finally {
		await stack.stop();
	}
});
