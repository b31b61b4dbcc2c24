/* The real ffmpeg makes of a WebM an MP4 that every browser plays. Where there is none, nothing of this can be tested, and nothing of it runs. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilePathSource, Input, MP4 } from 'mediabunny';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { convertToMp4, findFfmpeg } from './ffmpeg.ts';

const folder = mkdtempSync(join(tmpdir(), 'ffmpeg-'));
const ffmpeg = findFfmpeg() ?? '';
afterAll(() => rmSync(folder, { recursive: true }));

describe('finding it', () => {
	const given = process.env['FFMPEG_PATH'];
	afterEach(() => {
		if (given === undefined) delete process.env['FFMPEG_PATH'];
		else process.env['FFMPEG_PATH'] = given;
	});

	test('a path that is given is the only one, and "none" is none', () => {
		const found = [process.execPath, '/nowhere/ffmpeg', 'none'].map((path) => {
			process.env['FFMPEG_PATH'] = path;
			return findFfmpeg();
		});
		expect(found).toEqual([process.execPath, null, null]);
	});
});

describe.skipIf(!ffmpeg)('with an ffmpeg on this machine (skipped where there is none; FFMPEG_PATH names one)', () => {
	const [short, long] = [join(folder, 'short.webm'), join(folder, 'long.webm')];
	const never = new AbortController().signal;

	// As a recorder makes it, with a gap in the sound after two seconds.
	function film(path: string, seconds: number): void {
		const gap = `aselect='not(between(t,2,2.5))'`;
		execFileSync(ffmpeg, [
			...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc=size=320x180:rate=20:duration=${seconds}`],
			...['-f', 'lavfi', '-i', `sine=duration=${seconds}`, '-af', gap, '-c:v', 'libvpx', '-deadline', 'realtime'],
			...['-cpu-used', '8', '-c:a', 'libopus', path]
		]);
	}
	beforeAll(() => {
		film(short, 6);
		execFileSync(ffmpeg, ['-v', 'error', '-stream_loop', '99', '-i', short, '-c', 'copy', long]);
	}, 60_000);

	test('is H.264 and AAC, as long as the recording, and plays before all of it has come', async () => {
		const path = join(folder, 'short.mp4');
		expect(await convertToMp4(ffmpeg, short, path, never)).toBe(true);
		const input = new Input({ formats: [MP4], source: new FilePathSource(path) });
		const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
		expect([video?.codec, audio?.codec]).toEqual(['avc', 'aac']);
		expect(Math.abs((await input.computeDuration()) - 6)).toBeLessThan(1);
		expect(Math.abs(((await audio?.computeDuration()) ?? 0) - 6)).toBeLessThan(0.3);
		// High, in a level of a small picture: of a wrong rate it would be one that phones refuse.
		const { codec = '' } = (await video?.getDecoderConfig()) ?? {};
		expect(codec).toMatch(/^avc1\.6400/);
		expect(parseInt(codec.slice(-2), 16)).toBeLessThanOrEqual(31);
		input.dispose();
		const bytes = readFileSync(path).toString('latin1');
		expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
	});

	test('of what is no film there is none', async () => {
		expect(await convertToMp4(ffmpeg, import.meta.filename, join(folder, 'none.mp4'), never)).toBe(false);
	});

	test('ends when it is to', async () => {
		const stop = new AbortController();
		const path = join(folder, 'stopped.mp4');
		const made = convertToMp4(ffmpeg, long, path, stop.signal);
		await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(true);
		stop.abort();
		expect([await made, running(path)]).toEqual([false, []]);
	});

	test('yields to everything else, and ends with a process that is killed', async () => {
		const path = join(folder, 'orphaned.mp4');
		const module = JSON.stringify(join(import.meta.dirname, 'ffmpeg.ts'));
		const given = [ffmpeg, long, path].map((one) => JSON.stringify(one)).join(', ');
		const code = `import { convertToMp4 } from ${module}; await convertToMp4(${given}, new AbortController().signal);`;
		const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
		await expect.poll(() => running(path), { timeout: 10_000 }).toEqual(['19']);
		child.kill('SIGKILL');
		await expect.poll(() => running(path), { timeout: 20_000 }).toEqual([]);
	});

	/** The niceness of each ffmpeg that writes a file. */
	function running(path: string): string[] {
		const all = execFileSync('ps', ['-eo', 'ni=,args='], { encoding: 'utf8' }).split('\n');
		return all.filter((line) => line.includes(`mp4 ${path}`)).map((line) => line.trim().split(/\s+/)[0] ?? '');
	}
});
