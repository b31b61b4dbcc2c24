/* Makes the recording that the sample shows, with ffmpeg: node src/local/sample/recording/make.ts */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { findFfmpeg } from '../../../lib/recording/server/ffmpeg.ts';
import { drawSpeaker, picture } from '../broadcast/pictures.ts';
import { makeTone, sampleRate } from '../broadcast/sound.ts';
import { recordingFile, recordingSeconds } from './file.ts';

const { width, height, perSecond } = picture;

// Both speakers beside each other, as the recorder lays out a stage.
async function drawStage(left: Uint8Array, right: Uint8Array): Promise<Buffer> {
	const half = (pixels: Uint8Array) =>
		sharp(pixels, { raw: { width, height, channels: 4 } })
			.resize(312, 352, { fit: 'cover' })
			.png()
			.toBuffer();
	return sharp({ create: { width, height, channels: 4, background: '#0b1220' } })
		.composite([
			{ input: await half(left), left: 4, top: 4 },
			{ input: await half(right), left: 324, top: 4 }
		])
		.raw()
		.toBuffer();
}

const [left, right] = [await drawSpeaker(0), await drawSpeaker(1)];
const stages = await Promise.all(left.map((one, at) => drawStage(one, right[at] ?? one)));
const tone = makeTone(220);
const sound = join(tmpdir(), `sample-tone-${process.pid}.raw`);
writeFileSync(sound, Buffer.from(tone.buffer));
const video = [
	'-f',
	'rawvideo',
	'-pix_fmt',
	'rgba',
	'-s',
	`${width}x${height}`,
	'-r',
	String(perSecond),
	'-i',
	'pipe:0'
];
const audio = ['-f', 's16le', '-ar', String(sampleRate), '-ac', '1', '-stream_loop', '-1', '-i', sound];
const codecs = ['-c:v', 'libvpx-vp9', '-crf', '44', '-b:v', '0', '-c:a', 'libopus', '-b:a', '16k'];
const ffmpeg = spawn(
	findFfmpeg() ?? 'ffmpeg',
	['-y', '-loglevel', 'error', ...video, ...audio, ...codecs, '-t', String(recordingSeconds), recordingFile],
	{ stdio: ['pipe', 'inherit', 'inherit'] }
);
for (let at = 0; at < recordingSeconds * perSecond; at += 1)
	if (!ffmpeg.stdin.write(stages[at % stages.length])) await once(ffmpeg.stdin, 'drain');
ffmpeg.stdin.end();
await once(ffmpeg, 'exit');
rmSync(sound);
