/*
 * What a Summit of a given size needs: a model that the other benches calibrate. `npm run bench -- scale` prints the table of docs/scale.md.
 */

/** What one of each costs, as measured; where each comes from is beside its value. */
export interface UnitCosts {
	/** Processor milliseconds of the app for a page that is cached, for a signed-out reader. */
	cachedPage: number;
	/** Of app and database together for a page of somebody who is signed in, and the share of the database in it. */
	signedInPage: number;
	databaseShare: number;
	/** Of app and database together for the whole way through a registration. */
	registration: number;
	/** Of the app to pass one event on to one open page. */
	event: number;
	/** Of app and database together for a question, a vote or another act on the stage page. */
	act: number;
	/** Memory of a process of the app for an open page, in kB. */
	openPage: number;
	/** The share of a core of LiveKit for a viewer with picture and sound, and for one with sound alone. */
	viewer: number;
	listener: number;
	/** What a viewer receives, in megabits a second: from LiveKit, and as HLS. */
	picture: number;
	hlsPicture: number;
	/** Of the app for a playlist and for a piece of HLS, and of the database to check a reader of it. */
	hlsList: number;
	hlsPiece: number;
	hlsCheck: number;
}

/** As measured on the two cores where the project is tested; a core of a rented server is some two times as fast. */
export const measured: UnitCosts = {
	// `npm run rehearse`: 4,467 agendas a second with 0.8 cores.
	cachedPage: 0.2,
	// `signed-in`: one's own registration. The share of the database is estimated.
	signedInPage: 16,
	databaseShare: 0.4,
	// `journey`: processor time of one person.
	registration: 199,
	// `open-pages`: processor time of one press, shared among its pages.
	event: 0.35,
	// `npm run rehearse`: 1,000 votes without script, each answered with the whole page. A page with script takes less.
	act: 45,
	// Estimated.
	openPage: 90,
	// `viewers`.
	viewer: 0.7 / 170,
	listener: 0.7 / 350,
	// `quality`: 350 MB an hour.
	picture: 0.78,
	// As Egress is asked for it (src/lib/recording/server/egress.ts).
	hlsPicture: 1.1,
	// `large-audience`.
	hlsList: 1.2,
	hlsPiece: 4.7,
	hlsCheck: 3.3
};

/** How people of a Summit behave in its busiest minutes; shares of all delegates. */
export const behaviour = {
	/** Half of all register within ten minutes after the opening. */
	registerFirst: { share: 0.5, seconds: 600 },
	/** In the morning everybody reads the agenda and their own page, within a quarter of an hour. */
	morning: { cachedPages: 5, signedInPages: 2, seconds: 900 },
	/** In the plenary so many are online, of whom some have sound alone. */
	online: 0.6,
	soundAlone: 0.25,
	/** A host, a captioner or the clock sends something to every open page so often. */
	secondsBetweenEvents: 2,
	/** Everybody votes within a minute. */
	vote: { seconds: 60 },
	/** A playlist and a piece each four seconds; a reader is checked once a minute. */
	secondsOfPiece: 4,
	secondsOfCheck: 60
} as const;

/** No machine is planned to be busier than this. */
const busiest = 0.7;
/** LiveKit serves one room up to so many viewers on one node of this size; the others get a stream in pieces (HLS) from the app. */
const mediaNode = { cores: 16, viewersOfOneRoom: 1500 };
/** The processes of the app each use one core, and hold this much memory for open pages. */
const processMemory = { base: 250, mostForPages: 1500 };
/** Of the core of the tests, a core of a rented server does so many times as much. */
const coreFactor = 2;

/** Prices of rented machines and of data, in euros: an assumption to be replaced by one's own. */
export const prices = { coreHour: 0.03, terabyte: 10, hours: 30 } as const;

/** Cores that a busy moment takes. */
interface Moment {
	name: string;
	app: number;
	database: number;
}

/** What is needed, and where each number comes from. */
export interface Plan {
	delegates: number;
	/** Cores that each of the busy moments takes at the app and the database. */
	moments: Moment[];
	/** The same of the plenary, where a CDN keeps the pieces of HLS. */
	withCdn: Moment;
	appProcesses: number;
	databaseCores: number;
	viewers: number;
	/** Viewers that LiveKit serves itself; the others get HLS. */
	liveViewers: number;
	mediaNodes: number;
	/** What all viewers receive, in gigabits a second. */
	gigabits: number;
	/** Of machines and data for a Summit of three days, in euros. */
	euros: number;
	/** What one server of eight cores lacks first; null where it is enough. */
	breaksFirst: string | null;
}

/** Plans for so many delegates. */
export function planFor(delegates: number, costs: UnitCosts = measured): Plan {
	const { registerFirst, morning, online, soundAlone, secondsBetweenEvents, vote } = behaviour;
	const share = ({ app, database }: { app: number; database: number }, name: string) => ({
		name,
		app: app / 1000 / coreFactor,
		database: database / 1000 / coreFactor
	});
	const both = (perSecond: number, cost: number) => ({
		app: perSecond * cost * (1 - costs.databaseShare),
		database: perSecond * cost * costs.databaseShare
	});
	const viewers = Math.round(delegates * online);
	const liveViewers = Math.min(viewers, mediaNode.viewersOfOneRoom);
	const hlsViewers = viewers - liveViewers;
	const pieces = hlsViewers / behaviour.secondsOfPiece;
	const plenaryOf = (costOfPiece: number) => ({
		app: (delegates / secondsBetweenEvents) * costs.event + pieces * (costs.hlsList + costOfPiece),
		database: (hlsViewers / behaviour.secondsOfCheck) * costs.hlsCheck
	});
	const moments = [
		share(both((delegates * registerFirst.share) / registerFirst.seconds, costs.registration), 'registration opens'),
		share(
			{
				app:
					((delegates * morning.cachedPages) / morning.seconds) * costs.cachedPage +
					both((delegates * morning.signedInPages) / morning.seconds, costs.signedInPage).app,
				database: both((delegates * morning.signedInPages) / morning.seconds, costs.signedInPage).database
			},
			'the first morning'
		),
		share(plenaryOf(costs.hlsPiece), 'the plenary'),
		share(both(delegates / vote.seconds, costs.act), 'a vote in the plenary')
	];
	const withCdn = share(plenaryOf(0), 'the plenary, pieces of HLS from a CDN');
	// People vote while everything else of the plenary goes on.
	const plenary = moments
		.slice(2)
		.reduce((sum, { app, database }) => ({ app: sum.app + app, database: sum.database + database }), {
			app: 0,
			database: 0
		});
	const app = Math.max(plenary.app, ...moments.map((each) => each.app));
	const database = Math.max(plenary.database, ...moments.map((each) => each.database));
	const memory = (delegates * costs.openPage) / 1000;
	const appProcesses = Math.max(2, Math.ceil(app / busiest), Math.ceil(memory / processMemory.mostForPages));
	const databaseCores = Math.max(2, Math.ceil(database / busiest));
	const perViewer = (soundAlone * costs.listener + (1 - soundAlone) * costs.viewer) / coreFactor;
	const mediaCores = (liveViewers * perViewer) / busiest;
	const mediaNodes = Math.max(1, Math.ceil(mediaCores / mediaNode.cores));
	// Who has HLS receives the picture in any case.
	const gigabits = (liveViewers * (1 - soundAlone) * costs.picture + hlsViewers * costs.hlsPicture) / 1000;
	const cores = appProcesses + databaseCores + Math.max(2, Math.ceil(mediaCores));
	// Eight hours of plenary and sessions a day.
	const terabytes = (gigabits / 8 / 1000) * 3600 * 8 * 3;
	const euros = cores * prices.coreHour * prices.hours + terabytes * prices.terabyte;
	const oneServer = [
		['the network: more than a gigabit a second', gigabits],
		['the processors of LiveKit', mediaCores / 4],
		['the processors of the app', app / busiest / 3],
		['the processors of the database', database / busiest / 2]
	] as const;
	const [worst, load] = oneServer.reduce((most, each) => (each[1] > most[1] ? each : most));
	return {
		...{ delegates, moments, withCdn, appProcesses, databaseCores, viewers, liveViewers, mediaNodes, gigabits, euros },
		breaksFirst: load > 1 ? worst : null
	};
}

/** The sizes of docs/scale.md. */
export const sizes = [1000, 10_000, 100_000] as const;

const number = (value: number, digits = 0) =>
	value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

const momentsOf = ({ moments, withCdn }: Plan): Moment[] => moments.toSpliced(3, 0, withCdn);

/** The rows of the table in docs/scale.md. */
export function scaleTable(costs: UnitCosts = measured): string[][] {
	const plans = sizes.map((size) => planFor(size, costs));
	const row = (name: string, of: (plan: Plan) => string) => [name, ...plans.map(of)];
	return [
		row('delegates', ({ delegates }) => number(delegates)),
		...(plans[0] ? momentsOf(plans[0]) : []).map(({ name }, n) =>
			row(`${name}: cores of the app, of the database`, (plan) => {
				const { app = 0, database = 0 } = momentsOf(plan)[n] ?? {};
				return `${number(app, 1)}, ${number(database, 1)}`;
			})
		),
		row('processes of the app', ({ appProcesses }) => number(appProcesses)),
		row('cores of the database', ({ databaseCores }) => number(databaseCores)),
		row('viewers, of whom LiveKit serves', ({ viewers, liveViewers }) => `${number(viewers)}, ${number(liveViewers)}`),
		row('nodes of LiveKit of 16 cores', ({ mediaNodes }) => number(mediaNodes)),
		row('gigabits a second to viewers', ({ gigabits }) => number(gigabits, 1)),
		row('machines and data of three days, in euros', ({ euros }) => number(Math.round(euros / 10) * 10)),
		row('one server of eight cores lacks first', ({ breaksFirst }) => breaksFirst ?? 'nothing')
	];
}

/** Prints the table. */
export function printScale(): void {
	for (const row of scaleTable()) console.log(row.join('  |  '));
}

/** One moment of a simulated rush: when everybody has been served, and how long the last and the 95th of 100 waited, in seconds. */
export interface SimulatedRush {
	last: number;
	p95: number;
}

/**
 * Simulates a rush: so many people press within some seconds, and each press takes `cost` processor milliseconds of one of the cores, in the order of
 * arrival. Compared with the measured rush in `tests/database/rehearsal/scale.test.ts`.
 */
export function simulateRush(people: number, seconds: number, cores: number, cost: number): SimulatedRush {
	const free = Array.from({ length: cores }, () => 0);
	const waits: number[] = [];
	for (let n = 0; n < people; n++) {
		const arrives = (n / people) * seconds;
		let next = 0;
		for (let core = 1; core < cores; core++) if ((free[core] ?? 0) < (free[next] ?? 0)) next = core;
		const ends = Math.max(arrives, free[next] ?? 0) + cost / 1000;
		free[next] = ends;
		waits.push(ends - arrives);
	}
	waits.sort((a, b) => a - b);
	return { last: waits.at(-1) ?? 0, p95: waits[Math.floor(waits.length * 0.95)] ?? 0 };
}
