import { isSummitOver } from '#lib/ui/navigation.ts';
import { opensByRole, ruleFor } from '#lib/accounts/guard.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import type { ClosingFacts } from '#lib/organising/closing.ts';
import { listLaunchLines } from '#lib/organising/server/launch.ts';
import { readLiveOverview } from '#lib/organising/server/overview.ts';
import { moneyOverview } from '#lib/payments/server/money.ts';
import { listCertificates } from '#lib/presence/server/certificates.ts';
import { readRetention } from '#lib/privacy/server/retention.ts';
import { listRecordings } from '#lib/recording/server/recordings.ts';
import { registrationListQuery } from '#lib/registration/accreditation-list.ts';
import { listRegistrations } from '#lib/registration/server/accreditation.ts';
import { listFigures } from '#lib/registration/server/figures.ts';
import { seatsLeft } from '#lib/registration/server/registrations.ts';
import type { PageServerLoad } from './$types';

/** What is left to do at the end, from the pages that the reader's roles open. */
async function readClosing({ summit, supabase, viewer }: App.Locals): Promise<ClosingFacts> {
	const opens = (path: string) =>
		viewer !== null && opensByRole(ruleFor(`/(organiser)/[summit]/organise${path}`), viewer, summit.id);
	const [recordings, certificates, money, retention] = await Promise.all([
		opens('/recordings') ? listRecordings(supabase, summit.id) : null,
		opens('/certificates') ? listCertificates(supabase, summit.id) : null,
		opens('/money') ? moneyOverview(supabase, summit.id) : null,
		opens('/settings/retention') ? readRetention(supabase, summit.id, false) : null
	]);
	return {
		recordings: recordings?.map(({ state, is_published }) => ({ state, is_published })) ?? null,
		certificates: certificates && {
			isOffered: certificates.settings?.is_offered ?? false,
			issued: certificates.issued.filter(({ end_reason }) => end_reason === null).length
		},
		money: money && { states: money.states },
		retention: retention && {
			classes: retention.classes.map(({ code, due_at, is_held }) => ({ code, due_at, is_held }))
		}
	};
}

export const load: PageServerLoad = async ({ locals }) => {
	const { summit, supabase, viewer } = locals;
	const { state } = summit;
	const people = holdsRole(viewer, summit.id, 'registration');
	const isOver = isSummitOver(state);
	const [list, seats, figures, money, sessions, launch, day, closing] = await Promise.all([
		people ? listRegistrations(supabase, summit.id, registrationListQuery(new URLSearchParams())) : null,
		people && !isOver ? seatsLeft(supabase, summit.id) : [],
		people && state === 'open' ? listFigures(supabase, summit.id) : null,
		holdsRole(viewer, summit.id, 'finance') && !isOver ? moneyOverview(supabase, summit.id) : null,
		holdsRole(viewer, summit.id, 'programme')
			? supabase
					.from('sessions')
					.select('id', { count: 'exact', head: true })
					.eq('summit_id', summit.id)
					.neq('state', 'cancelled')
			: null,
		viewer && (state === 'draft' || state === 'open') ? listLaunchLines(supabase, viewer, summit) : [],
		state === 'live' ? readLiveOverview(supabase, summit.id) : null,
		isOver ? readClosing(locals) : null
	]);
	return {
		counts: list?.counts ?? null,
		seats,
		figures: figures && { days: figures.days, groups: figures.groups },
		money: money && { states: money.states },
		sessions: sessions?.count ?? null,
		launch,
		day,
		closing,
		maySetState: holdsRole(viewer, summit.id, 'owner'),
		mayRun: holdsRole(viewer, summit.id, 'stage'),
		release: summit.release && { number: summit.release.number, released_at: summit.release.released_at }
	};
};
