import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { rate } from '#lib/recording/layout.ts';

const known = ['/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg', '/opt/homebrew/bin/ffmpeg'];

/** An ffmpeg on this machine, or null: none is downloaded for a copy. FFMPEG_PATH names another; "none" disables it. */
export function findFfmpeg(): string | null {
	const given = process.env['FFMPEG_PATH'];
	if (given) return given !== 'none' && existsSync(given) ? given : null;
	return known.find((path) => existsSync(path)) ?? null;
}

const video = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-profile:v', 'high', '-pix_fmt', 'yuv420p'];
// WebM has no frame rate, and ffmpeg would assume 1000 pictures a second: a level of H.264 that no phone plays.
const pictures = ['-r', String(rate), '-g', String(4 * rate)];
// Time stamps of audio packets vary by milliseconds; without this the audio would drift from the video.
const audio = ['-c:a', 'aac', '-b:a', '128k', '-af', 'aresample=async=1:first_pts=0'];

function lower(pid: number | undefined): void {
	try {
		if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
	} catch {
		// It has ended already, or the system has no priorities.
	}
}

/**
 * Converts a WebM to MP4 (H.264, AAC), at the lowest priority. Returns whether it succeeded; `stop` ends it at once. It
 * reads from a pipe that we hold: when this process is killed its input ends, and it with it.
 */
export async function convertToMp4(ffmpeg: string, from: string, to: string, stop: AbortSignal): Promise<boolean> {
	if (stop.aborted) return false;
	const options = ['-v', 'quiet', '-y', '-f', 'matroska', '-i', 'pipe:0'];
	const child = spawn(
		ffmpeg,
		[...options, ...video, ...pictures, ...audio, '-sn', '-dn', '-movflags', '+faststart', '-f', 'mp4', to],
		{ stdio: ['pipe', 'ignore', 'ignore'] }
	);
	lower(child.pid);
	const kill = () => child.kill('SIGKILL');
	stop.addEventListener('abort', kill);
	try {
		const ended = new Promise<boolean>((done) => {
			child.once('close', (code) => done(code === 0));
			child.once('error', () => done(false));
		});
		// A process that ended early accepts no more input; its exit code says so.
		await pipeline(createReadStream(from), child.stdin).catch(() => undefined);
		return await ended;
	} finally {
		stop.removeEventListener('abort', kill);
	}
}
