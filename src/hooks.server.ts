import { anonymousClient, authClient, hasSession, mayRenew, tokenOf } from '#lib/database/server/supabase.ts';
import { isOutage, outageSince } from '#lib/database/server/outage.ts';
import { callPrivate, query } from '#lib/database/server/pool.ts';
import { judge, ruleFor } from '#lib/accounts/guard.ts';
import { comesFromOurPages } from '#lib/accounts/origin.ts';
import { copyOfForm, unavailableResponse } from '#lib/accounts/server/unavailable.ts';
import { building, version } from '$app/environment';
import { inFormOfApi } from '#lib/integrations/server/responses.ts';
import { countRequests } from '#lib/live/server/requests.ts';
import { closeOnShutdown } from '#lib/live/server/shutdown.ts';
import type { Measure } from '#lib/live/server/database-metrics.ts';
import { readiness } from '#lib/live/server/readiness.ts';
import { startTelemetry } from '#lib/live/server/telemetry.ts';
import { startProcessWorker } from '#lib/live/server/worker.ts';
import { walletJobs } from '#lib/badges/server/wallet-jobs.ts';
import { webhookJobs } from '#lib/webhooks/server/sending.ts';
import { alarmJobs } from '#lib/safeguarding/server/alarms.ts';
import { pushJobs } from '#lib/announcements/server/push.ts';
import { mailJobs } from '#lib/mail/server/outbox.ts';
import { closeTransport } from '#lib/mail/server/transport.ts';
import { backupJobs } from '#lib/backup/server/nightly.ts';
import { refundJobs } from '#lib/payments/server/refunds.ts';
import { campaignJobs } from '#lib/campaigns/server/campaigns.ts';
import { commitmentJobs } from '#lib/commitments/server/sweep.ts';
import { evaluationJobs } from '#lib/evaluation/server/sweep.ts';
import { registrationJobs } from '#lib/registration/server/sweep.ts';
import { doorCode } from '#lib/door/server/badge-key.ts';
import { doorJobs } from '#lib/door/server/sweep.ts';
import { scanJobs } from '#lib/files/server/scanning.ts';
import { fileJobs } from '#lib/files/server/sweep.ts';
import { stageJobs } from '#lib/stage/server/clock.ts';
import { recordingStore } from '#lib/files/server/recordings.ts';
import { startRecordingJob } from '#lib/recording/server/keeping.ts';
import { startStageJob } from '#lib/stage/server/reconcile.ts';
import { errorFacts, log } from '#lib/audit/server/log.ts';
import { faultJobs } from '#lib/faults/server/keeping.ts';
import { noteFault, startFaultRecording } from '#lib/faults/server/recording.ts';
import { areErasuresReplayed, replayErasures } from '#lib/privacy/server/erasure-log.ts';
import { privacyJobs } from '#lib/privacy/server/sweep.ts';
import { digestJobs } from '#lib/agenda/server/digests.ts';
import { noteAct } from '#lib/accounts/server/acts.ts';
import { savePolicy } from '#lib/accounts/server/policy.ts';
import { accountJobs } from '#lib/accounts/server/sweep.ts';
import { readingOf } from '#lib/accounts/server/viewers.ts';
import { limited, noteSession } from '#lib/accounts/server/rates.ts';
import { startStatusRecording, statusJobs } from '#lib/status/server/recording.ts';
import { setProbes, soonOr } from '#lib/status/server/status.ts';
import { isPutAway } from '#lib/accounts/archive.ts';
import { refusals } from '#lib/accounts/server/refusals.ts';
import { isEmbeddedRoute } from '#lib/ui/frame.ts';
import { secure } from '#lib/ui/server/headers.ts';
import { shouldPreload, withAttributes } from '#lib/ui/server/first-line.ts';
import { readTelemetrySettings } from '#lib/live/telemetry-settings.ts';
import { hasShape, mayNameAction } from '#lib/forms/parameters.ts';
import { isSentByScript } from '#lib/forms/server/action.ts';
import { guardBody } from '#lib/forms/server/request-body.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { headersInLanguage, ownFiles, pageInLanguage } from '#lib/i18n/server/scripts.ts';
import { direction, href, localeOfPath, withoutEnglish } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { currentSlug, findSummit } from '#lib/summits/server/cache.ts';
import { themeCookie, themeFrom } from '#lib/ui/theme.ts';
import {
	error,
	isHttpError,
	isRedirect,
	json,
	redirect,
	type Handle,
	type HandleServerError,
	type RequestEvent,
	type ServerInit
} from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { hostname } from 'node:os';

export const init: ServerInit = async () => {
	closeOnShutdown();
	startStageJob((kind) => log.warn({ kind }, 'live rooms cannot be reconciled'));
	if (building) return;
	const endTelemetry = startTelemetry(readTelemetrySettings(process.env), `${hostname()}:${process.pid}`, () =>
		query<Measure>('select * from private.read_measures()')
	);
	process.once('sveltekit:shutdown', () => void endTelemetry().catch(() => undefined));
	const endFaultRecording = startFaultRecording(version, (faults) =>
		callPrivate('record_faults', [JSON.stringify(faults)])
	);
	process.once('sveltekit:shutdown', () => void endFaultRecording());
	setProbes({
		engines: async () => (await readiness()).engines,
		oldestMail: async () => {
			const measures = await query<Measure>('select * from private.read_measures()');
			return measures.find(({ name }) => name === 'mails_oldest_seconds')?.value ?? null;
		}
	});
	const endStatusRecording = startStatusRecording();
	process.once('sveltekit:shutdown', () => void endStatusRecording());
	// Without a database no page is served; once there is one, the job says it.
	savePolicy().catch(() => undefined);
	const report = (what: { task: string; code: string }) => log.error(what, 'work behind the pages failed');
	// After a restore nothing is shown or sent about people who were erased since the backup.
	await replayErasures((count) => {
		if (count > 0) log.warn({ count }, 'erasures were carried out again');
		startRecordingJob({ origin: process.env['ORIGIN'] ?? '', store: recordingStore, report });
		startProcessWorker(
			[
				...mailJobs(),
				...pushJobs(),
				...alarmJobs(),
				...registrationJobs(),
				...refundJobs(),
				...accountJobs(),
				...privacyJobs(),
				...digestJobs(),
				...fileJobs(),
				...backupJobs(log),
				...scanJobs(),
				...doorJobs(),
				...stageJobs(),
				...campaignJobs(),
				...commitmentJobs(),
				...evaluationJobs(),
				...faultJobs(),
				...statusJobs(),
				...webhookJobs(),
				...walletJobs(doorCode)
			],
			report,
			closeTransport
		);
	}, report);
};

/** English has the bare address; each other language has a prefix. */
const locale: Handle = async ({ event, resolve }) => {
	const { pathname, search } = event.url;
	const bare = withoutEnglish(pathname);
	if (bare !== null) return new Response(null, { status: 308, headers: { location: bare + search } });
	const locale = localeOfPath(pathname);
	const { searchParams } = event.url;
	const theme = themeFrom(
		isEmbeddedRoute(event.route.id)
			? (searchParams.get('appearance') ?? searchParams.get('theme'))
			: event.cookies.get(themeCookie)
	);
	const saves = event.request.headers.get('save-data') === 'on';
	const attributes = `${theme === 'system' ? '' : `data-theme="${theme}"`}${saves ? ' data-saves' : ''}`;
	const [files, renames] = [ownFiles(), new Map<string, string>()];
	const response = await withLocale(locale, () =>
		resolve(event, {
			transformPageChunk: ({ html }) =>
				pageInLanguage(
					withAttributes(html, { lang: locale, dir: direction(locale), attributes }),
					locale,
					files,
					renames
				),
			preload: ({ type, path }) => type === 'js' || type === 'css' || (type === 'font' && shouldPreload(path, locale))
		})
	);
	if (response.headers.has('x-sveltekit-page')) headersInLanguage(response.headers, locale, files, renames);
	return response;
};

// An error thrown in a hook does not have the shape that a page's form expects.
function refuseForm(status: number, message: string): Response {
	return json({ type: 'error', error: { message } }, { status });
}

/** The API refuses in one form, whichever step refuses. */
const refuseAsApi: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	return event.route.id?.startsWith('/api/v1') ? inFormOfApi(response, event.url.origin) : response;
};

const unavailable = (thrown: unknown, { locals }: RequestEvent) => isOutage(thrown) || outageSince(locals.began);

/**
 * While the database is unavailable, or does not know yet who was erased before it was restored, the request itself is
 * fine: it may be repeated in a few seconds.
 */
const handleOutage: Handle = async ({ event, resolve }) => {
	const form = copyOfForm(event.request);
	const needsNoDatabase = event.route.id === '/healthz' || event.route.id === '/readyz' || isStatusPage(event);
	if (!building && !needsNoDatabase && !areErasuresReplayed()) return unavailableResponse(event, form);
	event.locals.began = performance.now();
	try {
		const response = await resolve(event);
		return event.locals.isUnavailable ? await unavailableResponse(event, form) : response;
	} catch (thrown) {
		// A step of this file failed before Kit could handle it.
		if (isRedirect(thrown) || isHttpError(thrown) || !unavailable(thrown, event)) throw thrown;
		log.warn({ route: event.route.id, ...errorFacts(thrown) }, 'the database does not answer');
		return unavailableResponse(event, form);
	}
};

/** Refuses requests that none of our pages send, before a route reads them. */
const rejectMalformed: Handle = ({ event, resolve }) => {
	const { params, url, request } = event;
	const fits = Object.entries(params).every(([name, value]) => hasShape(name, value ?? ''));
	if (!fits || `${url.pathname}${url.search}`.includes('%00') || !mayNameAction(url.searchParams))
		return refuse(event, 404);
	if (request.method !== 'GET' && request.method !== 'HEAD') guardBody(request);
	return resolve(event);
};

const requireSameOrigin: Handle = ({ event, resolve }) => {
	const { request, route, url, isSubRequest } = event;
	const isOurs = comesFromOurPages(request.method, route.id, request.headers.get('origin'), url.origin);
	if (isOurs || isSubRequest) return resolve(event);
	event.locals.refusal = { status: 403, reason: 'origin' };
	return refuse(event, 403);
};

const rateLimit: Handle = ({ event, resolve }) => {
	const { method } = event.request;
	// What other systems send is limited by its signature or key.
	const isOfOthers = /^\/(?:webhooks|api\/v1)\//.test(event.route.id ?? '');
	if (method !== 'GET' && method !== 'HEAD' && !isOfOthers && limited(event)) {
		if (isSentByScript(event.request)) return refuseForm(429, m.ui_too_often());
		return new Response(m.ui_too_often(), {
			status: 429,
			headers: { 'retry-after': '10', 'content-type': 'text/plain; charset=utf-8' }
		});
	}
	return resolve(event);
};

// Answered as for a signed-out reader: pages that other sites embed, and what is opened by its address alone.
const isWithoutReader = (routeId: string | null) =>
	isEmbeddedRoute(routeId) || (routeId?.startsWith('/(stage)/live/large/') ?? false);

/** The reader, from the cookies. An ended session makes the reader signed out. */
const authenticate: Handle = async ({ event, resolve }) => {
	const { locals, cookies, request } = event;
	locals.viewer = null;
	locals.token = null;
	locals.shownSummit = null;
	Object.defineProperty(locals, 'summit', { get: () => locals.shownSummit ?? error(404, m.ui_not_found()) });
	locals.supabase = anonymousClient();
	if (hasSession(request.headers.get('cookie')) && !isWithoutReader(event.route.id)) {
		const token = tokenOf(cookies) ?? (mayRenew(cookies) ? await ifAnswering(event, renewToken(event)) : null);
		const reading = token === null ? null : await ifAnswering(event, readingOf(token));
		// The data API accepts the token of an ended session until it expires, so a signed-out reader must send none.
		if (token !== null && reading?.viewer) {
			locals.token = token;
			locals.viewer = reading.viewer;
			noteSession(token);
			locals.supabase = reading.client;
			noteAct(event);
		}
	}
	return resolve(event);
};

const isStatusPage = ({ route }: RequestEvent) => route.id === '/(public)/status' || route.id === '/api/status';

// The status of the site is shown while the database is away: its reader is then signed out, and there is no Summit.
const ifAnswering = <Value>(event: RequestEvent, work: Promise<Value>): Promise<Value | null> =>
	isStatusPage(event) ? soonOr(work, () => null) : work;

// A session near its end: Auth renews it, and the answer sets the new cookies.
async function renewToken({ cookies, url }: RequestEvent): Promise<string | null> {
	const { data } = await authClient(cookies, url.protocol === 'https:').auth.getSession();
	return data.session?.access_token ?? null;
}

// Pages outside Summits are shown within the current one, so that its navigation stays available.
function isWithinCurrentSummit(routeId: string | null): boolean {
	return routeId !== null && /^\/\((?:public|account|community)\)/.test(routeId);
}

/** The Summit of the address; an unknown one and an invisible one get the same answer. */
const resolveSummit: Handle = async ({ event, resolve }) => {
	const { locals } = event;
	// Which parameters exist depends on the route, and every route passes here.
	const named = (event.params as Partial<Record<string, string>>)['summit'];
	const asked = named ?? (isWithinCurrentSummit(event.route.id) ? await ifAnswering(event, currentSlug()) : null);
	const find = (slug: string) => ifAnswering(event, findSummit(slug, locals.viewer ? locals.supabase : null));
	if (asked) locals.shownSummit = await find(asked);
	if (named !== undefined && locals.shownSummit === null) return refuse(event, 404);
	return resolve(event);
};

// A hook cannot render a page; a request for a page is rewritten to a route that only refuses.
function refuse(event: RequestEvent, status: 403 | 404): Promise<Response> {
	const page = event.request.method === 'GET' && !event.isDataRequest && !event.isSubRequest;
	const sentence = status === 403 ? m.ui_forbidden() : m.ui_not_found();
	if (isSentByScript(event.request)) return Promise.resolve(refuseForm(status, sentence));
	if (!page) error(status, sentence);
	return event.fetch(href(`/api/refused/${status}`), {
		headers: { 'x-shown-at': event.url.pathname + event.url.search }
	});
}

// Without script the form's page is lost once it is sent, so the answer contains everything that was written, ready to
// be sent again.
async function askToSignIn(event: RequestEvent): Promise<Response> {
	if (isSentByScript(event.request)) return refuseForm(401, m.ui_sign_in_first());
	const { request, url, fetch } = event;
	const plain = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)/.test(
		request.headers.get('content-type') ?? ''
	);
	const shows = request.headers.get('accept')?.includes('text/html');
	// The body of an unauthorised upload is never read into memory.
	const isSmall = Number(request.headers.get('content-length') ?? Infinity) <= 512 * 1024;
	if (request.method !== 'POST' || !plain || !shows || !isSmall) error(401, m.ui_sign_in_first());
	return fetch(href('/sign-in/resend'), {
		method: 'POST',
		headers: { origin: url.origin, accept: 'text/html', 'x-shown-at': url.pathname + url.search },
		body: await request.formData()
	});
}

// The page on which the reader confirms; what a form without a script had is done again on its page.
function toConfirmation({ request, url }: RequestEvent): never {
	const from = request.headers.get('referer');
	const back = request.method === 'GET' ? url : from && URL.canParse(from) ? new URL(from) : null;
	const next = back?.origin === url.origin ? back.pathname + back.search : href('/');
	redirect(303, href(`/account/passkeys/confirm?next=${encodeURIComponent(next)}`));
}

const showsConfirmation = (request: Request) =>
	!isSentByScript(request) && (request.headers.get('accept')?.includes('text/html') ?? false);

// A role that counts only once a passkey was used in this session.
function askToConfirm(event: RequestEvent): Response {
	const { request, isDataRequest } = event;
	if (isSentByScript(request)) return refuseForm(428, m.accounts_confirm_first());
	if (isDataRequest || showsConfirmation(request)) toConfirmation(event);
	error(428, m.accounts_confirm_first());
}

/** An act that needs a passkey first, sent without a script. */
const confirmFirst: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	return response.status === 428 && showsConfirmation(event.request) ? toConfirmation(event) : response;
};

const authorise: Handle = ({ event, resolve }) => {
	const { route, locals, url } = event;
	if (route.id === null) return resolve(event);
	if (isPutAway(route.id, locals.shownSummit?.state)) {
		if (isSentByScript(event.request)) return refuseForm(423, m.summits_closed_refused());
		if (event.request.method !== 'GET' && event.request.method !== 'HEAD') error(423, m.summits_closed_refused());
		redirect(303, href(`/${locals.shownSummit?.slug ?? ''}/archived`));
	}
	const verdict = judge(ruleFor(route.id), locals.viewer, locals.shownSummit?.id ?? null);
	if (verdict === 'enter') return resolve(event);
	if (verdict === 'forbidden') return refuse(event, 403);
	if (verdict === 'confirm') return askToConfirm(event);
	if (event.request.method !== 'GET' || route.id.startsWith('/api')) return askToSignIn(event);
	redirect(303, href(`/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`));
};

export const handle: Handle = sequence(
	countRequests,
	refusals((facts) => log.warn(facts, 'request refused')),
	secure,
	refuseAsApi,
	locale,
	rejectMalformed,
	requireSameOrigin,
	handleOutage,
	rateLimit,
	authenticate,
	resolveSummit,
	confirmFirst,
	authorise
);

export const handleError: HandleServerError = ({ error: thrown, event, status }) => {
	// A malformed request is not our error: it is neither logged nor reported.
	if (status < 500) return { message: status === 404 ? m.ui_not_found() : m.ui_form_wrong() };
	if (unavailable(thrown, event)) {
		event.locals.isUnavailable = true;
		log.warn({ route: event.route.id, ...errorFacts(thrown) }, 'the database does not answer');
		return { message: m.ui_unavailable() };
	}
	const reference = noteFault(thrown, event.route.id);
	log.error(
		{ reference, route: event.route.id, method: event.request.method, status, ...errorFacts(thrown) },
		'request failed'
	);
	return { message: m.ui_failed(), reference };
};
