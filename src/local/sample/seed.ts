/*
 * The sample Summit: invented members, people, sessions and registrations, the same for the same seed and moment. Writes
 * rows as the owner of the tables, so that no mail is sent and the audit does not show it as somebody's act; but for a few steps
 * of its organisers, done as they would do them.
 */
import type pg from 'pg';
import { Sealer } from '../../lib/people/sealing.ts';
import { insertNoPhotoAreas } from './camera.ts';
import { insertConcern } from './concern.ts';
import { registerDelegates } from './delegations.ts';
import { insertDesk } from './desk.ts';
import { syncTablet } from './door.ts';
import { makeFacts } from './facts.ts';
import {
	endOrganiserAccounts,
	makeOrganiserAccounts,
	limitPlaces,
	makeHistory,
	starChangedSessions
} from './history.ts';
import { editions, makeEdition } from './editions.ts';
import { insertGroups } from './groups.ts';
import { insertMeetings } from './meetings.ts';
import { insertDeskWork } from './help-desk.ts';
import { makeMembers } from './members.ts';
import { insertMessages } from './messages.ts';
import { addInvitations, addMoney } from './office.ts';
import { Crowd, peopleRows } from './people.ts';
import { Random } from './prng.ts';
import { insertProposals } from './proposals.ts';
import { insertRecordings } from './recording/insert.ts';
import { insertApiKeys } from './api-keys.ts';
import { insertCampaigns } from './campaigns.ts';
import { insertCommitments } from './commitments.ts';
import { insertLibrary } from './library.ts';
import { insertSurveys } from './surveys.ts';
import { insertImpact } from './impact.ts';
import { insertSideEvents } from './side-events.ts';
import { insertFileQuestion } from './answer-files.ts';
import { assignNeeds, insertRegistrationQuestion } from './registration-question.ts';
import { Registrar } from './registrations.ts';
import { insertRows } from './rows.ts';
import { insertBarredList, insertLogisticsForm, sealedNames } from './logistics.ts';
import { insertSlides } from './slides.ts';
import {
	makeDelegates,
	makeFocalPoint,
	makeLiveCrew,
	makeLiveSpeaker,
	makeOrganisers,
	registerOthers
} from './staff.ts';
import {
	largestDelegation,
	makeCast,
	makeSummit,
	memberRow,
	registerCast,
	sampleSlugs,
	setCapacity
} from './summits.ts';
import { changeDraft, insertPresence, startRun } from './today.ts';
import { insertWard } from './wards.ts';
import { insertAgenda, insertFocalPoints, insertOneClick, insertRegistrations, insertSummit } from './writing.ts';

export { sampleSlugs };

const day = 86_400_000;

/** Fills an empty, migrated database. `now` is when a session is live; the addresses are sealed with `sealingKey`, slides go into `filesFolder`. */
export async function seedSample(
	client: pg.Client,
	opts: { now: Date; sealingKey: string; filesFolder?: string | undefined }
): Promise<void> {
	const random = new Random(20270609);
	const sealer = new Sealer(opts.sealingKey);
	const members = makeMembers(random);
	const crowd = new Crowd(random);
	const oneClick = makeOrganisers(crowd);
	const speaker = makeLiveSpeaker(crowd, members);
	const cast = makeCast(random, crowd, members, speaker.person);
	// A source of its own for what depends on the hour: people and registrations are the same at any.
	const current = makeSummit(new Random(20270610), cast, opts.now);
	const registrar = new Registrar(random, current.settings.ids, opts.now);
	registerCast(random, registrar, cast);
	oneClick.push(...makeDelegates(crowd, members, registrar), speaker);
	registerDelegates(random, crowd, members, registrar);
	registerOthers(crowd, registrar);
	registrar.rankQueue();
	const focal = makeFocalPoint(crowd, largestDelegation(members, registrar));
	oneClick.push(focal);
	const others = editions.map((plan, at) => makeEdition(new Random(20250610 + at), plan, cast, crowd.people, opts.now));
	oneClick.push(...makeLiveCrew(crowd, cast, current.agenda));
	// Full to the last seat: that is why some wait.
	setCapacity(current.settings, registrar.openSeats('in_person'));
	await client.query('begin');
	try {
		await setAudit(client, 'disable');
		await insertRows(client, 'public.members', members.map(memberRow));
		const people = peopleRows(crowd.people, random, sealer, opts.now.toISOString());
		await insertRows(client, 'public.people', people.rows);
		await insertRows(client, 'private.person_addresses', people.addresses);
		await insertRows(client, 'private.protections', people.protections);
		await insertRows(client, 'private.sealed_name_hashes', sealedNames(crowd.people, sealer));
		await insertRows(client, 'public.person_preferences', people.preferences);
		for (const { settings, agenda, registrations, releasedAt } of [
			...others,
			{ ...current, registrations: registrar, releasedAt: new Date(opts.now.getTime() - 20 * 3_600_000) }
		]) {
			await insertSummit(client, settings, members);
			await insertAgenda(client, agenda, settings.ids.id, releasedAt);
			await insertRegistrations(client, registrations);
		}
		for (const [table, rows] of makeFacts(current.settings.ids, cast, current.timetable))
			await insertRows(client, table, rows);
		// Those of the sign-in page do what is said of them there, and nothing else.
		const unnamed = crowd.people.filter((person) => !oneClick.some((one) => one.person === person));
		await insertFocalPoints(client, current.settings.ids.id, unnamed, focal.person);
		await insertOneClick(client, current.settings.ids.id, oneClick);
		await insertLogisticsForm(client, new Random(20270611), sealer, current.settings.ids.id, opts.now);
		await insertRegistrationQuestion(client, new Random(20270613), current.settings.ids.id, opts.now);
		await insertFileQuestion(client, sealer, {
			summit: current.settings.ids.id,
			id: new Random(20270615).uuid(),
			folder: opts.filesFolder,
			now: opts.now
		});
		await assignNeeds(client, current.settings.ids.id);
		await insertConcern(client, sealer, current.settings.ids.id, opts.now);
		await insertBarredList(client, sealer, current.settings.ids.id);
		await insertDesk(client, current.settings.ids.id, opts.now);
		await insertGroups(client, current.settings.ids.id);
		await insertMeetings(client);
		await insertDeskWork(client, current.settings.ids.id);
		await insertMessages(client, current.settings.ids.id, opts.now);
		await addMoney(client, current.settings.ids.id);
		if (focal.person.member)
			await addInvitations(client, sealer, {
				summit: current.settings.ids.id,
				member: focal.person.member.id,
				by: focal.person.id
			});
		await limitPlaces(client, current.settings.ids.id, opts.now);
		await insertNoPhotoAreas(client, current.settings.ids.id);
		await insertWard(client, current.settings.ids.id);
		await starChangedSessions(client, current.settings.ids.id, opts.now);
		const lent = await makeOrganiserAccounts(client);
		await client.query('set constraints all immediate');
		await setAudit(client, 'enable');
		const tablet = await makeHistory(client, current.settings.ids.id, opts.now, lent);
		await client.query('set constraints all immediate');
		await setAudit(client, 'disable');
		await endOrganiserAccounts(client, lent);
		await changeDraft(client, random, current);
		await insertProposals(client, new Random(20270612), current.settings.ids.id, opts.now);
		await insertSideEvents(client, current.settings.ids.id);
		await insertCommitments(
			client,
			[...others.slice(0, 2), current].map(({ settings }) => settings.ids.id),
			opts.now
		);
		await insertCampaigns(client, current.settings.ids.id, opts.now);
		await insertApiKeys(client, current.settings.ids.id, opts.now);
		await insertLibrary(client, opts.filesFolder, opts.now);
		await insertSurveys(client, new Random(20270616), current.settings.ids.id, opts.now);
		await insertPresence(client, random, current.settings.ids.id, registrar, current.timetable, opts.now);
		await startRun(client, current.settings.ids.id, current.agenda);
		if (opts.filesFolder !== undefined) {
			await insertSlides(client, current.settings.ids.id, opts.filesFolder, new Date(opts.now.getTime() - 2 * day));
			for (const { settings } of [...others, current])
				await insertRecordings(client, settings.ids.id, { folder: opts.filesFolder, now: opts.now });
		}
		await insertImpact(client, opts.now);
		await client.query('set constraints all immediate');
		// Nobody of the sample waits for an invitation to what was settled long ago.
		await client.query('delete from private.calendar_update_queue');
		await setAudit(client, 'enable');
		await syncTablet(client, current.settings.ids.id, tablet, opts.now);
		await client.query('commit');
	} catch (error) {
		await client.query('rollback');
		throw error;
	}
	await client.query('analyze');
}

/** Nobody did what the sample says was done: nothing of it belongs into the audit. */
async function setAudit(client: pg.Client, how: 'enable' | 'disable'): Promise<void> {
	const triggers = await client.query<{ table_name: string; tgname: string }>(
		`select tgrelid::regclass::text as table_name, tgname from pg_trigger where tgfoid = 'audit.record_change'::regproc and not tgisinternal`
	);
	for (const { table_name, tgname } of triggers.rows)
		await client.query(`alter table ${table_name} ${how} trigger ${tgname}`);
}
