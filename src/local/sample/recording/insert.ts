import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { folderStore } from '../../../lib/files/server/folder-store.ts';
import { recordingFile, recordingSeconds } from './file.ts';

// Sessions that are over, whose people all agree to a recording; the earliest public one first.
const recorded = `select s.id, s.level::text, lower(slots.during) as began, rooms.room_id as room
	from public.sessions as s
	join public.slots on slots.session_id = s.id and upper(slots.during) < $2
	join lateral (select room_id from public.slot_rooms where slot_id = slots.id order by room_id limit 1) as rooms on true
	where s.summit_id = $1 and s.is_recorded and s.level in ('public', 'members') and not s.is_break
		and not exists (select from public.session_people as sp where sp.session_id = s.id and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner') and not (sp.consent_record and sp.consent_publish))
	order by s.level = 'members', lower(slots.during) limit 1`;

/** Publishes a recording of one session of a Summit that is over. */
export async function insertRecordings(
	client: pg.Client,
	summit: string,
	{ folder, now }: { folder: string; now: Date }
): Promise<void> {
	const content = readFileSync(recordingFile);
	const store = folderStore(join(folder, 'objects'));
	const { rows } = await client.query<{ id: string; level: string; began: Date; room: string }>(recorded, [
		summit,
		now
	]);
	for (const session of rows) {
		const name = randomBytes(16).toString('hex');
		const ended = new Date(session.began.getTime() + recordingSeconds * 1000);
		// The store takes the file away.
		const copy = join(tmpdir(), name);
		copyFileSync(recordingFile, copy);
		await store.put(name, copy, 'video/webm');
		await client.query(
			`insert into private.stored_objects (name, media_type, size, sha256, state, scan, created_at, changed_at)
			values ($1, 'video/webm', $2, $3, 'kept', 'clean', $4, $4)`,
			[name, content.length, createHash('sha256').update(content).digest(), ended]
		);
		await client.query(
			`with run as (insert into public.runs (session_id, summit_id, room_id, state, level, started_at, ended_at)
				values ($1, $2, $3, 'ended', $4, $5, $6) returning id)
			insert into private.recordings (run_id, session_id, summit_id, level, state, reason, started_at, stopped_at, object_name, length_ms, published_at)
			select id, $1, $2, $4::public.confidentiality, 'ready', 'host', $5, $6, $7, $8, $6 from run`,
			[session.id, summit, session.room, session.level, session.began, ended, name, recordingSeconds * 1000]
		);
	}
}
