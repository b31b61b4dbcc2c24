/* Watching a recording counts as attendance once the organisers say so, by what was really played. */
import { useRecordedStage } from '../../fixtures/recorded-stage.ts';
import { expect, test } from '../../fixtures/test.ts';

const stage = useRecordedStage(240_000);

test('counts what a participant plays, not what they skip, and shows it apart @long', async ({ browser }) => {
	await stage.record(browser, 14_000);
	const { id = '' } = (await stage.recording()) ?? {};
	await stage.act(stage.world.people.programme, `select public.publish_recording($1, true)`, [id]);
	const path = `/${stage.world.slug}/sessions/${stage.world.sessions.public.code}/recordings/${id}`;
	const told = 'The minutes that you play count towards your attendance at this Summit, each of them once.';
	const viewer = await stage.open(browser, stage.world.people.virtual, path);
	await expect(viewer.getByRole('heading', { level: 1 })).toContainText('Recording:');
	await expect(viewer.getByText(told)).toHaveCount(0);
	const position = () => viewer.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime);
	const chapter = viewer.getByRole('region', { name: 'Chapters' }).getByRole('link').last();
	const at = Number(new URL((await chapter.getAttribute('href')) ?? '', viewer.url()).searchParams.get('at'));
	await chapter.click();
	await expect.poll(position).toBeGreaterThanOrEqual(at);
	// A moment that the library found opens there too.
	await viewer.goto(`${path}?at=6`);
	await expect.poll(position).toBeGreaterThanOrEqual(6);
	await viewer.goto(path);

	const desk = await stage.open(browser, stage.world.people.registration, `/${stage.world.slug}/organise/attendance`, {
		javaScriptEnabled: false
	});
	await expect(desk.getByText('Watching recordings does not count as attendance.')).toBeVisible();
	await desk.getByRole('button', { name: 'Count recordings' }).click();
	await expect(desk.getByText('Watching recordings counts as attendance.')).toBeVisible();

	const visitor = await stage.open(browser, null, path);
	await expect(visitor.getByRole('heading', { level: 1 })).toContainText('Recording:');
	await expect(visitor.getByText(told)).toHaveCount(0);
	await viewer.reload();
	await expect(viewer.getByText(told)).toBeVisible();
	await viewer.evaluate(async () => {
		const video = document.querySelector('video') as HTMLVideoElement;
		const until = (event: string) => new Promise((done) => video.addEventListener(event, done, { once: true }));
		video.muted = true;
		if (video.readyState < 1) await until('loadedmetadata');
		const playTo = async (second: number) => {
			await video.play();
			while (video.currentTime < second) await until('timeupdate');
			video.pause();
		};
		await playTo(2);
		video.currentTime = 8;
		await until('seeked');
		await playTo(9.5);
	});
	const spans = async () =>
		(
			await stage.client.query<{ spans: number; seconds: number }>(
				`select count(*)::int as spans, round(sum(upper(span) - lower(span)) / 1000.0)::int as seconds
				from private.watched_recordings as w, unnest(w.played) as span where w.recording_id = $1`,
				[id]
			)
		).rows[0];
	await expect.poll(async () => (await spans())?.spans).toBe(2);
	// The last report comes as the player stops.
	await expect.poll(async () => (await spans())?.seconds).toBeGreaterThanOrEqual(3);
	expect((await spans())?.seconds).toBeLessThan(7);

	// A longer one is shown beside attendance.
	await stage.client.query(`update private.watched_recordings set played = '{[0,600000)}' where recording_id = $1`, [
		id
	]);
	await viewer.goto(`/${stage.world.slug}/me/attendance`);
	await expect(viewer.getByText('Recordings: 10 min')).toBeVisible();
	await expect(viewer.getByText('Recordings, in all: 10 min.')).toBeVisible();
	await desk.reload();
	await expect(desk.getByRole('columnheader', { name: 'Watched recordings' })).toBeVisible();
});
