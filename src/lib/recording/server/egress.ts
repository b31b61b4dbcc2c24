import {
	EgressClient,
	EgressStatus,
	EncodedFileOutput,
	EncodedFileType,
	EncodingOptionsPreset,
	S3Upload,
	SegmentedFileOutput,
	SegmentedFileProtocol,
	type EgressInfo
} from 'livekit-server-sdk';
import { bucketSettings } from './bucket.ts';

/** An egress as LiveKit told of it. */
export interface ToldEgress {
	id: string;
	state: 'asked' | 'active' | 'ending' | 'complete' | 'failed';
	/** Milliseconds. */
	startedAt: number | null;
	lengthMs: number | null;
}

/** How a large audience's playlist is called, and how long each of its pieces is. */
export const hls = { playlist: 'live.m3u8', seconds: 4 } as const;

const states: Record<EgressStatus, ToldEgress['state']> = {
	[EgressStatus.EGRESS_STARTING]: 'asked',
	[EgressStatus.EGRESS_ACTIVE]: 'active',
	[EgressStatus.EGRESS_ENDING]: 'ending',
	[EgressStatus.EGRESS_COMPLETE]: 'complete',
	[EgressStatus.EGRESS_FAILED]: 'failed',
	[EgressStatus.EGRESS_ABORTED]: 'failed',
	// It was too long for LiveKit; what it wrote until then is there.
	[EgressStatus.EGRESS_LIMIT_REACHED]: 'complete'
};

// Nanoseconds.
const ms = (time: bigint) => Number(time / 1_000_000n);

/** What counts of LiveKit's word. */
export function toldEgress(info: EgressInfo): ToldEgress {
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

/** Has a page recorded into one file of the bucket: LiveKit's name of it. */
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

/** Has a page written as HLS, a few pieces at a time: LiveKit's name of it. */
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
	const options = { encodingOptions: EncodingOptionsPreset.H264_720P_30, awaitStartSignal: true };
	return (await client().startWebEgress(page, { segments }, options)).egressId;
}

/** Ends one; what ended already is left as it is. */
export async function stopEgress(id: string): Promise<void> {
	try {
		await client().stopEgress(id);
	} catch (error) {
		const status = error instanceof Error && 'status' in error ? error.status : 0;
		if (status !== 404 && status !== 412) throw error;
	}
}

/** Those that go on. */
export async function listActive(): Promise<ToldEgress[]> {
	return (await client().listEgress({ active: true })).map(toldEgress);
}

/** One of them; null when LiveKit knows it no more. */
export async function findEgress(egressId: string): Promise<ToldEgress | null> {
	const [found] = await client().listEgress({ egressId });
	return found ? toldEgress(found) : null;
}
