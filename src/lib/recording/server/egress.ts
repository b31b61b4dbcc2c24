import {
	AudioCodec,
	EgressClient,
	EgressStatus,
	EncodedFileOutput,
	EncodedFileType,
	EncodingOptions,
	EncodingOptionsPreset,
	S3Upload,
	SegmentedFileOutput,
	SegmentedFileProtocol,
	VideoCodec,
	type EgressInfo
} from 'livekit-server-sdk';
import { bucketSettings } from './bucket.ts';

/** An egress as LiveKit reported it. */
export interface EgressReport {
	id: string;
	state: 'asked' | 'active' | 'ending' | 'complete' | 'failed';
	/** Milliseconds. */
	startedAt: number | null;
	lengthMs: number | null;
}

/** The stream of a large audience. Its rate is enough for a speaker and slides, and low enough for a slow connection. */
export const hls = {
	/** The name of its playlist. */
	playlist: 'live.m3u8',
	/** The length of each segment. */
	seconds: 4,
	width: 1280,
	height: 720,
	/** Kilobits a second of the picture, of the sound, and of both as they are sent. */
	picture: 1000,
	sound: 96,
	kilobits: 1200
} as const;

const states: Record<EgressStatus, EgressReport['state']> = {
	[EgressStatus.EGRESS_STARTING]: 'asked',
	[EgressStatus.EGRESS_ACTIVE]: 'active',
	[EgressStatus.EGRESS_ENDING]: 'ending',
	[EgressStatus.EGRESS_COMPLETE]: 'complete',
	[EgressStatus.EGRESS_FAILED]: 'failed',
	[EgressStatus.EGRESS_ABORTED]: 'failed',
	// LiveKit's limit was reached; the file up to then exists.
	[EgressStatus.EGRESS_LIMIT_REACHED]: 'complete'
};

// Nanoseconds.
const ms = (time: bigint) => Number(time / 1_000_000n);

/** The fields of LiveKit's report that we use. */
export function egressReport(info: EgressInfo): EgressReport {
	const file = info.fileResults[0];
	return {
		id: info.egressId,
		state: states[info.status],
		startedAt: file && file.startedAt > 0n ? ms(file.startedAt) : info.startedAt > 0n ? ms(info.startedAt) : null,
		lengthMs: file && file.duration > 0n ? ms(file.duration) : null
	};
}

function client(): EgressClient {
	const { LIVEKIT_URL: url = '', LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = process.env;
	return new EgressClient(url.replace(/^ws/, 'http'), key, secret, { requestTimeout: 8 });
}

function upload(): { case: 's3'; value: S3Upload } {
	const found = bucketSettings();
	if (!found) throw new Error('Egress has no bucket.');
	const { bucket, region, endpoint, key: accessKey, secret } = found;
	return { case: 's3', value: new S3Upload({ accessKey, secret, region, endpoint, bucket, forcePathStyle: true }) };
}

/** Records a page into one file of the bucket. Returns LiveKit's id. */
export async function startFile(page: string, key: string): Promise<string> {
	const file = new EncodedFileOutput({
		fileType: EncodedFileType.MP4,
		filepath: `${key}/file.mp4`,
		disableManifest: true,
		output: upload()
	});
	const options = { encodingOptions: EncodingOptionsPreset.H264_720P_30, awaitStartSignal: true };
	return (await client().startWebEgress(page, { file }, options)).egressId;
}

/** Writes a page as HLS, a few segments at a time. Returns LiveKit's id. */
export async function startSegments(page: string, key: string): Promise<string> {
	const segments = new SegmentedFileOutput({
		protocol: SegmentedFileProtocol.HLS_PROTOCOL,
		filenamePrefix: `${key}/piece`,
		playlistName: `${key}/all.m3u8`,
		livePlaylistName: `${key}/${hls.playlist}`,
		segmentDuration: hls.seconds,
		disableManifest: true,
		output: upload()
	});
	const encodingOptions = new EncodingOptions({
		width: hls.width,
		height: hls.height,
		framerate: 30,
		videoCodec: VideoCodec.H264_MAIN,
		videoBitrate: hls.picture,
		keyFrameInterval: hls.seconds,
		audioCodec: AudioCodec.AAC,
		audioBitrate: hls.sound,
		audioFrequency: 48_000
	});
	const options = { encodingOptions, awaitStartSignal: true };
	return (await client().startWebEgress(page, { segments }, options)).egressId;
}

/** Ends one; one that has ended already is left as it is. */
export async function stopEgress(id: string): Promise<void> {
	try {
		await client().stopEgress(id);
	} catch (error) {
		const status = error instanceof Error && 'status' in error ? error.status : 0;
		if (status !== 404 && status !== 412) throw error;
	}
}

/** Those that are still running. */
export async function listActive(): Promise<EgressReport[]> {
	return (await client().listEgress({ active: true })).map(egressReport);
}

/** One of them; null when LiveKit no longer has it. */
export async function findEgress(egressId: string): Promise<EgressReport | null> {
	const [found] = await client().listEgress({ egressId });
	return found ? egressReport(found) : null;
}
