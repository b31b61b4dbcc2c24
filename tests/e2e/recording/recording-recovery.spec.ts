/* A recording survives the death of its recorder and of LiveKit. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { livekitProcess } from '../../fixtures/livekit.ts';
import { useRecordedStage } from '../../fixtures/recorded-stage.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying } from '../../fixtures/watching.ts';
import { variables } from '../../fixtures/open-page.ts';

const stage = useRecordedStage(180_000);

/** The browsers that record for this stack, and for no other on this machine. */
function recorders(): number[] {
	const isOurs = (pid: string) => {
		try {
			const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
			return (
				line.includes(`${variables.ORIGIN}/live/recorder/`) &&
				line.includes('--user-data-dir') &&
				!line.includes('--type=')
			);
		} catch {
			return false;
		}
	};
	const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name));
	// Each leads its own process group.
	return found.map(Number).filter((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[4] === String(pid));
}

test('restarts a killed recorder, and joins its parts into one recording @long', async ({ browser }) => {
	test.skip(!existsSync('/proc/self'), 'Its browser is found by Linux’s list of processes.');
	await stage.speakerOnStage(browser);
	await stage.act(stage.chair, `select public.start_recording($1)`, [stage.world.run]);
	await expect.poll(() => stage.recordingState(), { timeout: 30_000 }).toBe('running');
	const pieces = async () =>
		(
			await stage.client.query<{ part: number; count: number }>(
				`select c.part, count(*)::int from private.recording_chunks as c join private.recordings as g on g.id = c.recording_id
				where g.run_id = $1 group by c.part order by c.part`,
				[stage.world.run]
			)
		).rows;
	await expect.poll(async () => (await pieces())[0]?.count ?? 0, { timeout: 60_000 }).toBeGreaterThan(4);
	const ours = recorders();
	expect(ours.length).toBeGreaterThan(0);
	for (const pid of ours) process.kill(-pid, 'SIGKILL');
	await expect.poll(async () => (await pieces())[1]?.count ?? 0, { timeout: 60_000 }).toBeGreaterThan(2);
	await stage.act(stage.chair, `select public.set_run_state($1, 'ended')`, [stage.world.run]);
	await expect.poll(() => stage.recordingState(), { timeout: 60_000 }).toBe('ready');
	const { rows } = await stage.client.query<{ number: number; length_ms: number }>(
		`select p.number, p.length_ms from private.recording_parts as p join private.recordings as g on g.id = p.recording_id where g.run_id = $1 order by 1`,
		[stage.world.run]
	);
	expect(rows.filter(({ length_ms }) => length_ms > 1000)).toHaveLength(2);
});

test('records both halves when LiveKit dies and comes back @long', async ({ browser }) => {
	const speaker = await stage.speakerOnStage(browser);
	await stage.act(stage.chair, `select public.start_recording($1)`, [stage.world.run]);
	await expect.poll(() => stage.recordingState(), { timeout: 30_000 }).toBe('running');
	const pieces = async () =>
		(
			await stage.client.query<{ count: number }>(
				`select count(*)::int from private.recording_chunks as c join private.recordings as g on g.id = c.recording_id where g.run_id = $1`,
				[stage.world.run]
			)
		).rows[0]?.count ?? 0;
	await expect.poll(pieces, { timeout: 20_000 }).toBeGreaterThan(2);
	process.kill(livekitProcess(variables), 'SIGKILL');
	await expect(speaker.getByText('Everyone who watches sees and hears what you send.')).toBeVisible({
		timeout: 30_000
	});
	await expectPlaying(speaker, stage.world.people.speaker.name);
	const before = await pieces();
	// The recorder may come back later than the speaker.
	await expect.poll(pieces, { timeout: 60_000 }).toBeGreaterThan(before + 10);
	await stage.act(stage.chair, `select public.stop_recording($1)`, [stage.world.run]);
	await expect.poll(() => stage.recordingState(), { timeout: 60_000 }).toBe('ready');
	const { id = '' } = (await stage.recording()) ?? {};
	await stage.act(stage.world.people.programme, `select public.publish_recording($1, true)`, [id]);
	const viewer = await stage.open(
		browser,
		null,
		`/${stage.world.slug}/sessions/${stage.world.sessions.public.code}/recordings/${id}`
	);
	// The end of the file, after LiveKit came back, shows a face again, and no empty stage.
	const shades = await viewer.evaluate(async () => {
		const video = document.querySelector('video') as HTMLVideoElement;
		const until = (event: string) => new Promise((done) => video.addEventListener(event, done, { once: true }));
		if (video.readyState < 1) await until('loadedmetadata');
		video.currentTime = video.duration - 1.5;
		await until('seeked');
		const pen = new OffscreenCanvas(64, 36).getContext('2d') as OffscreenCanvasRenderingContext2D;
		pen.drawImage(video, 0, 0, 64, 36);
		return new Set(pen.getImageData(0, 0, 64, 30).data.filter((_, index) => index % 4 === 1)).size;
	});
	expect(shades).toBeGreaterThan(8);
});
