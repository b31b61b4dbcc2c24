/* A recording has audio: after each way of renewing a track, the file has audio again. */
import type { Browser, Page } from '@playwright/test';
import { livekitProcess } from '../../fixtures/livekit.ts';
import { silencesOf } from '../../fixtures/silence.ts';
import { useRecordedStage } from '../../fixtures/recorded-stage.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying } from '../../fixtures/watching.ts';
import { variables } from '../../fixtures/open-page.ts';

const stage = useRecordedStage(240_000);

/** The current position of the recording, in milliseconds of its file: the length of all its parts. */
async function position(): Promise<number> {
	const { rows } = await stage.client.query<{ at: number }>(
		`select coalesce(sum(extract(epoch from coalesce(p.ended_at, clock_timestamp()) - p.started_at) * 1000), 0)::int as at
		from private.recording_parts as p join private.recordings as g on g.id = p.recording_id where g.run_id = $1`,
		[stage.world.run]
	);
	return rows[0]?.at ?? 0;
}

/** Keeps recording for a while. */
async function passes(milliseconds: number): Promise<void> {
	const began = await position();
	await expect
		.poll(async () => (await position()) - began, { timeout: milliseconds + 40_000 })
		.toBeGreaterThan(milliseconds);
}

async function finished(browser: Browser): Promise<Page> {
	await stage.act(stage.chair, `select public.stop_recording($1)`, [stage.world.run]);
	await expect.poll(() => stage.recordingState(), { timeout: 60_000 }).toBe('ready');
	const { rows } = await stage.client.query<{ id: string }>(`select id from private.recordings where run_id = $1`, [
		stage.world.run
	]);
	const id = rows[0]?.id ?? '';
	await stage.act(stage.world.people.programme, `select public.publish_recording($1, true)`, [id]);
	return stage.open(
		browser,
		null,
		`/${stage.world.slug}/sessions/${stage.world.sessions.public.code}/recordings/${id}`
	);
}

/** What a speaker may do to their own track, or the host to it: each ends the track and starts another. */
const renewals: Record<string, (speaker: Page) => Promise<unknown>> = {
	'the run paused and went on': async () => {
		await stage.act(stage.chair, `select public.set_run_state($1, 'paused')`, [stage.world.run]);
		await expect.poll(() => stage.recordingState()).toBe('paused');
		await stage.act(stage.chair, `select public.set_run_state($1, 'live')`, [stage.world.run]);
		await expect.poll(() => stage.recordingState(), { timeout: 30_000 }).toBe('running');
	},
	'the host muted and gave the microphone back': async () => {
		await allowMicrophone(false);
		await passes(3000);
		await allowMicrophone(true);
	},
	'the speaker muted and went on': async (speaker) => {
		const microphone = speaker.getByRole('button', { name: 'Microphone' });
		await microphone.click();
		await passes(2000);
		await microphone.click();
	},
	'the speaker reloaded': async (speaker) => {
		await speaker.reload();
		await speaker.getByRole('button', { name: 'Take your place on stage' }).click();
		await expectPlaying(speaker, stage.world.people.speaker.name, 30_000);
	}
};

async function allowMicrophone(on: boolean) {
	const { rows } = await stage.client.query<{ code: string }>(`select code from public.people where id = $1`, [
		stage.world.people.speaker.person
	]);
	await stage.act(stage.chair, `select public.allow_microphone($1, $2, $3)`, [stage.world.run, rows[0]?.code, on]);
}

/** Records while the tracks are renewed, and returns for each renewal whether the file is silent at the end of the following nine seconds. */
async function silentAfter(
	browser: Browser,
	speaker: Page,
	all: Record<string, (speaker: Page) => Promise<unknown>>
): Promise<Record<string, boolean>> {
	await stage.act(stage.chair, `select public.start_recording($1)`, [stage.world.run]);
	await expect.poll(() => stage.recordingState(), { timeout: 30_000 }).toBe('running');
	await passes(5000);
	const spans: [string, number, number][] = [];
	for (const [name, renew] of Object.entries(all)) {
		await renew(speaker);
		const from = await position();
		await passes(9_000);
		spans.push([name, from, await position()]);
	}
	const viewer = await finished(browser);
	const file = await (await viewer.request.get(`${viewer.url()}/file`)).body();
	const { silences, gap } = await silencesOf(viewer, file);
	expect(gap, 'a stretch without packets').toBeLessThan(500);
	// A few seconds until the track is back are no fault; four seconds without one of the microphone's beeps are a loss.
	return Object.fromEntries(
		spans.map(([name, , to]) => [name, silences.some((one) => one.from <= to - 5500 && one.to >= to - 1500)])
	);
}

test('has audio again after each renewal of a track @long', async ({ browser }) => {
	const speaker = await stage.speakerOnStage(browser);
	expect(await silentAfter(browser, speaker, renewals)).toEqual(
		Object.fromEntries(Object.keys(renewals).map((name) => [name, false]))
	);
});

test('has audio again after LiveKit was killed @long', async ({ browser }) => {
	const speaker = await stage.speakerOnStage(browser);
	const killed = 'LiveKit was killed';
	const renewal = async () => {
		process.kill(livekitProcess(variables), 'SIGKILL');
		await expect(speaker.getByText('Everyone who watches sees and hears what you send.')).toBeVisible({
			timeout: 30_000
		});
		await expectPlaying(speaker, stage.world.people.speaker.name, 30_000);
		await passes(2000);
	};
	expect(await silentAfter(browser, speaker, { [killed]: renewal })).toEqual({ [killed]: false });
});
