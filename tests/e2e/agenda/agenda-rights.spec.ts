/* The agenda of a Summit with sessions of every level: what each reader finds in pages and feeds, and live releases. */
import pg from 'pg';
import { openSession } from '../../fixtures/sessions.ts';
import { variables } from '../../fixtures/open-page.ts';
import { expect, test } from '../../fixtures/test.ts';
import { actAs, makeWorld, type World } from '../../fixtures/world.ts';

test.describe('in a Summit of its own', () => {
	let client: pg.Client;
	let world: World;

	test.beforeAll(async () => {
		client = new pg.Client({ connectionString: variables['DATABASE_URL'] });
		await client.connect();
		world = await makeWorld(client);
	});
	test.afterAll(() => client.end());

	async function cookieOf(kind: keyof World['people']): Promise<string> {
		return (await openSession(variables, `${world.people[kind].account}@example.org`)).cookie;
	}

	test('hides what a visitor may not see: answers as for an unknown session, in every page and feed', async ({
		request
	}) => {
		const { slug, sessions } = world;
		const page = async (path: string, cookie = '') => request.get(path, { headers: { cookie }, maxRedirects: 0 });
		const listed = await cookieOf('listed');
		// A search covers every day: the sessions of this Summit may run past midnight.
		for (const path of [`/${slug}/agenda?q=session`, `/${slug}/sessions/${sessions.closed.code}`]) {
			const words = await (await page(path, listed)).text();
			expect(words.includes(sessions.closed.title), path).toBe(true);
		}
		const [unseen, unknown] = await Promise.all([
			page(`/${slug}/sessions/${sessions.closed.code}`),
			page(`/${slug}/sessions/ZZZZZZ`)
		]);
		expect([unseen.status(), unknown.status()]).toEqual([404, 404]);
		const plain = async (answer: typeof unseen) =>
			(await answer.text())
				.replaceAll(sessions.closed.code, 'CODE')
				.replaceAll('ZZZZZZ', 'CODE')
				.replace(/now:\d+/, 'now');
		expect(await plain(unseen)).toBe(await plain(unknown));
		const visitors = [
			'',
			'/agenda',
			'/agenda?view=grid',
			'/agenda?q=session',
			'/speakers',
			'/agenda.ics',
			'/schedule.json',
			'/schedule.xml'
		];
		for (const path of visitors) {
			const words = await (await page(`/${slug}${path}`)).text();
			for (const level of ['members', 'chatham_house', 'closed', 'draft'] as const) {
				expect(words.includes(sessions[level].title), `${path} ${level}`).toBe(false);
				expect(words.includes(sessions[level].code), `${path} ${level}`).toBe(false);
			}
		}
		for (const path of ['/agenda?q=session', '/agenda.ics', '/schedule.json', '/schedule.xml']) {
			const words = await (await page(`/${slug}${path}`)).text();
			expect(words.includes(sessions.public.title), path).toBe(true);
		}
		// The public files are the same for every reader.
		for (const path of ['/agenda.ics', '/schedule.json', '/schedule.xml']) {
			expect(await (await page(`/${slug}${path}`, listed)).text()).toBe(await (await page(`/${slug}${path}`)).text());
		}
		const words = await (await page(`/${slug}/agenda?q=session`, await cookieOf('delegate'))).text();
		expect([words.includes(sessions.members.title), words.includes(sessions.closed.title)]).toEqual([true, false]);
	});

	test('applies granted and revoked rights at once, although rows are cached for others', async ({ request }) => {
		const { slug, sessions, people, summit } = world;
		const cookie = await cookieOf('virtual');
		const sees = async () => {
			const words = await (await request.get(`/${slug}/agenda?q=session`, { headers: { cookie } })).text();
			return words.includes(sessions.closed.title);
		};
		expect(await sees()).toBe(false);
		await client.query(`insert into public.session_audiences (session_id, summit_id, person_id) values ($1, $2, $3)`, [
			sessions.closed.id,
			summit,
			people.virtual.person
		]);
		await client.query(`select private.publish_event('person:' || $1, 'rights')`, [people.virtual.person]);
		await expect.poll(sees).toBe(true);
		await client.query(`delete from public.session_audiences where person_id = $1`, [people.virtual.person]);
		await expect.poll(sees).toBe(false);
	});

	test('follows one’s agenda in a personal calendar; a replaced and an ended address are not found', async ({
		page,
		request,
		context
	}) => {
		const { slug, sessions, people } = world;
		const { cookies } = await openSession(variables, `${people.delegate.account}@example.org`);
		await context.addCookies(cookies.map((one) => ({ ...one, url: process.env.E2E_ORIGIN ?? '' })));
		await page.goto(`/${slug}/sessions/${sessions.members.code}`);
		await page.getByRole('button', { name: 'Add to my agenda' }).click();
		await expect(page.getByRole('button', { name: 'In my agenda' })).toHaveAttribute('aria-pressed', 'true');
		await page.goto(`/${slug}/me/agenda`);
		const address = page.getByLabel('Address for your calendar');
		await page.getByRole('button', { name: 'Make an address for my calendar' }).click();
		const first = await address.inputValue();

		const file = await request.get(first);
		expect(file.headers()['content-type']).toBe('text/calendar; charset=utf-8');
		const events = (await file.text()).match(/^SUMMARY:.*$/gm)?.map((line) => line.trim());
		expect(events).toEqual([`SUMMARY:${sessions.members.title}`]);
		const again = await request.get(first, { headers: { 'if-none-match': file.headers()['etag'] ?? '' } });
		expect([again.status(), (await again.body()).length]).toEqual([304, 0]);

		await page.getByRole('button', { name: 'Make a new address' }).click();
		await expect(address).not.toHaveValue(first);
		const second = await address.inputValue();
		expect([(await request.get(first)).status(), (await request.get(second)).status()]).toEqual([410, 200]);
		await page.getByRole('button', { name: 'End the address' }).click();
		await expect(page.getByRole('button', { name: 'Make an address for my calendar' })).toBeVisible();
		const ended = await request.get(second);
		expect([ended.status(), await ended.text()]).toEqual([
			410,
			'This calendar address was renewed or ended. Make a new one under “My agenda” and remove this one from your calendar.\n'
		]);
	});

	test('shows a release on an open page automatically, and a cancelled session as cancelled', async ({
		page,
		request
	}) => {
		const { slug, sessions, people, summit } = world;
		const feeds = async () => {
			const [calendar, schedule] = await Promise.all(
				['agenda.ics', 'schedule.json'].map(async (name) => (await request.get(`/${slug}/${name}`)).text())
			);
			return [calendar?.includes('STATUS:CANCELLED'), schedule?.includes(`Cancelled: ${sessions.public.title}`)];
		};
		await page.goto(`/${slug}/agenda?view=list`);
		const entry = page
			.getByRole('listitem')
			.filter({ has: page.getByRole('heading', { name: sessions.public.title }) });
		await expect(entry).toBeVisible();
		await expect(entry.getByText('Cancelled')).toHaveCount(0);
		await client.query(`update public.sessions set state = 'cancelled' where id = $1`, [sessions.public.id]);
		// Readers see it with the release, and not before.
		await page.reload();
		await expect(entry).toBeVisible();
		await expect(entry.getByText('Cancelled')).toHaveCount(0);
		expect(await feeds()).toEqual([false, false]);
		await actAs(client, people.programme, `select public.publish_release($1)`, [summit]);
		await expect(entry.getByText('Cancelled')).toBeVisible();
		await expect.poll(feeds).toEqual([true, true]);
		await page.goto(`/${slug}/sessions/${sessions.public.code}`);
		await expect(page.getByRole('region', { name: 'When and where' }).getByText('Cancelled')).toBeVisible();
	});
});
