/* The agenda is read by many while it is published and changed. */
import { load } from '../../bench/load.ts';
import { ms } from '../../bench/report.ts';
import { actAs } from '../../fixtures/world.ts';
import { until, type Rehearsal } from '../rehearsal.ts';

const readers = 10;

export async function changeAgenda(rehearsal: Rehearsal): Promise<undefined> {
	const { client, summit, target } = rehearsal;
	const url = `${target.origin}/${summit.slug}/agenda`;
	const title = `Moved in the rehearsal ${summit.slug}`;
	const seconds = Math.max(5, Math.round(rehearsal.share(0.03) / 1000));
	const reading = load(url, { accept: 'text/html', 'accept-encoding': 'br' }, readers, seconds);
	await client.query(
		`update public.sessions set title = jsonb_build_object('original', 'en', 'en', $2::text)
		where id = (select id from public.sessions where summit_id = $1 and id <> $3 order by id limit 1)`,
		[summit.id, title, summit.plenary.id]
	);
	const began = performance.now();
	const [released] = await actAs<{ answer: { status: string } }>(
		client,
		summit.staff.programme,
		'select public.publish_release($1) as answer',
		[summit.id]
	);
	const published = performance.now() - began;
	const shows = async () => (await rehearsal.visit('agenda', `/${summit.slug}/agenda`)).body.includes(title);
	const isShown = await until(shows, 15_000, 100);
	const shown = performance.now() - began;
	const { perSecond, p95, failures } = await reading;
	rehearsal.check(
		'the change is published',
		released?.answer.status === 'ok',
		released?.answer.status ?? 'no answer',
		'ok',
		'Look at the log of the app.'
	);
	rehearsal.check(
		'a visitor reads the change',
		isShown && shown < 5000,
		ms(shown),
		'within 5 s',
		'Something between keeps old pages: let a proxy ask for the agenda each time (docs/deployment.md).'
	);
	rehearsal.check(
		'readers of the agenda get it',
		failures === 0,
		`${failures} failures`,
		'0 failures',
		'Give the app more processors, or put the agenda behind a CDN.'
	);
	rehearsal.measure('publishing', ms(published));
	rehearsal.measure(`${readers} readers at once`, `${Math.round(perSecond)} pages a second, p95 ${ms(p95)}`);
}
