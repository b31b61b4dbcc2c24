/*
 * Keeps the sample alive while the site runs: a session is live at any hour, two of its speakers send picture and sound, and
 * the tablet at the door is online. A process of its own, with the variables of the server: node src/local/sample/broadcast/run.ts
 */
import pg from 'pg';
import { livekitSettings, mintToken } from '#lib/stage/server/livekit.ts';
import { keepTabletOnline } from '../door.ts';
import { refreshSample } from '../refresh.ts';
import { sampleSlugs } from '../summits.ts';
import { bringSpeakersOn, type SampleSpeaker } from './on-stage.ts';
import { drawSpeaker } from './pictures.ts';
import { makeTone } from './sound.ts';
import type { Speaker } from './speaker.ts';

const everyMs = 10_000;
const tokenSeconds = 120;

// Its package has code for the usual platforms only. Without it a session is live all the same, and nobody on its stage.
const sender = await import('./speaker.ts').catch(() => null);
const speakers = new Map<string, Speaker>();
const media = await Promise.all(
	[220, 262].map(async (hertz, index) => ({ pictures: await drawSpeaker(index), tone: makeTone(hertz) }))
);

async function follow(client: pg.Client): Promise<void> {
	await refreshSample(client, { now: new Date() });
	await keepTabletOnline(client, sampleSlugs.current);
	const due = sender ? await bringSpeakersOn(client) : [];
	const keys = new Set(due.map(keyOf));
	for (const [key, speaker] of speakers) {
		if (keys.has(key) && speaker.isConnected()) continue;
		speakers.delete(key);
		await speaker.leave();
	}
	for (const [index, one] of due.entries()) if (!speakers.has(keyOf(one))) await join(one, index);
}

const keyOf = ({ room, identity }: SampleSpeaker) => `${room} ${identity}`;

async function join(one: SampleSpeaker, index: number): Promise<void> {
	const own = media[index % media.length];
	const url = livekitSettings()?.url;
	if (!own || !url || !sender) return;
	const token = await mintToken(one.identity, one.room, ['camera', 'microphone'], tokenSeconds);
	speakers.set(keyOf(one), await sender.joinAsSpeaker({ url, token, ...own }));
}

// Each time with a connection of its own: the database may have been started again in between.
async function followOnce(): Promise<void> {
	const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
	client.on('error', () => undefined);
	try {
		await client.connect();
		await follow(client);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
	} finally {
		await client.end().catch(() => undefined);
	}
}

async function repeat(): Promise<void> {
	await followOnce();
	setTimeout(() => void repeat(), everyMs);
}

process.on('SIGTERM', () => process.exit(0));
await repeat();
