import type pg from 'pg';
import { sampleSlugs } from '../summits.ts';

/** Somebody on the stage of the sample's live session, as LiveKit knows them. */
export interface SampleSpeaker {
	room: string;
	identity: string;
}

// Two who speak in the session. Nobody whom a visitor of the sample may sign in as: they join by themselves.
const chosen = `select runs.id as run, sp.person_id
	from public.runs
	join public.summits on summits.id = runs.summit_id and summits.slug = $1
	cross join lateral (
		select people.person_id from public.session_people as people
		where people.session_id = runs.session_id and people.role in ('speaker', 'moderator', 'chair') and people.state = 'confirmed'
			and not exists (select from private.sample_people as one_click where one_click.person_id = people.person_id)
		order by people.position, people.person_id limit 2) as sp
	where runs.state = 'live'`;

/** Brings two speakers of each live session of the sample on stage, but for those whom somebody took off; those who may be there. */
export async function bringSpeakersOn(client: pg.Client): Promise<SampleSpeaker[]> {
	await client.query(`select private.ensure_participant(run, person_id) from (${chosen}) as chosen`, [
		sampleSlugs.current
	]);
	await client.query(
		`with changed as (
			update private.run_participants as p
			set is_on_stage = true, may_camera = true, may_microphone = true, may_screen = true
			from (${chosen}) as chosen
			where p.run_id = chosen.run and p.person_id = chosen.person_id and not p.is_on_stage and not p.is_kept_off
			returning p.run_id)
		select private.publish_event('session:' || runs.session_id, 'stage', runs.id) from changed
		join public.runs on runs.id = changed.run_id`,
		[sampleSlugs.current]
	);
	const { rows } = await client.query<SampleSpeaker>(
		`select stage.name as room, on_stage.identity from (${chosen}) as chosen
		cross join lateral private.on_stage(chosen.run) as on_stage
		join private.livekit_rooms as stage on stage.run_id = chosen.run and stage.purpose = 'stage' and stage.closed_at is null
		where on_stage.person_id = chosen.person_id
		order by on_stage.identity`,
		[sampleSlugs.current]
	);
	return rows;
}
