/*
 * The data path: a `fetch` for supabase-js that answers `rpc` by Postgres itself, as the caller's own role, and passes everything
 * else on to REST. Both give the same answers (tests/database/database/data-path-answers.test.ts).
 */
import { isOutage, noted } from '../outage.ts';
import { FunctionCatalogue } from './catalogue.ts';
import { openConnections } from './connections.ts';
import { statementFor } from './functions.ts';
import { connectionLost, isPostgresError, RestRefusal, restRefusalOf } from './refusal.ts';
import { createTokenCheck, type Caller, type TokenSettings } from './token.ts';

interface DataPathSettings extends TokenSettings {
	/** As `data_path`; a direct or session-mode connection. */
	databaseUrl: string;
	/** The maximum number of connections. */
	connections?: number;
}

/** The transport, and how to close it. */
export interface DataPath {
	fetch: typeof fetch;
	close(): Promise<void>;
}

/** A call as supabase-js sends it for `client.rpc(name, arguments)`, without modifiers. */
interface Call {
	name: string;
	token: string | null;
	/** The arguments as JSON. */
	body: string;
	given: Set<string>;
}

// Sent registrations wait for the lock of the seats, one after another. So that nobody else waits behind them, they have
// connections of their own: one that works, and one that is ready to follow at once.
const mostSending = 2;
const sendsRegistration = ({ name, given }: Call) => name === 'save_registration_steps' && given.has('send');

/** Opens the path. `rest` gets what it does not answer itself. */
export function openDataPath(settings: DataPathSettings, rest: typeof fetch): DataPath {
	const connections = openConnections(settings.databaseUrl, settings.connections);
	const sending = openConnections(settings.databaseUrl, mostSending);
	const check = createTokenCheck(settings);
	const prefix = `${settings.supabaseUrl.replace(/\/$/, '')}/rest/v1/rpc/`;
	const catalogue = new FunctionCatalogue(connections.read);

	async function answer(call: Call): Promise<Response | null> {
		const caller = await check(call.token);
		const { called, begin } = await catalogue.find(call.name, call.given, caller.role);
		if (called === null) return null;
		try {
			const body = await (sendsRegistration(call) ? sending : connections).send([
				{ text: begin, values: [caller.claims] },
				{ text: statementFor(called, call.given), values: [call.body] }
			]);
			return called.returns === 'void' ? new Response(null, { status: 204 }) : json(200, body ?? 'null');
		} catch (error) {
			throw refused(error, caller, () => catalogue.forget());
		}
	}

	return {
		fetch: async (input, init) => {
			const call = callFrom(prefix, input, init);
			if (call === null) return rest(input, init);
			try {
				return (await answer(call)) ?? rest(input, init);
			} catch (error) {
				if (!(error instanceof RestRefusal)) throw error;
				return json(error.status, JSON.stringify(error.body));
			}
		},
		close: async () => void (await Promise.all([connections.close(), sending.close()]))
	};
}

// An error that is neither of Postgres nor of the network is a bug in our code, and is thrown unchanged.
function refused(error: unknown, { role }: Caller, forget: () => void): unknown {
	noted(error);
	if (!isPostgresError(error)) return isOutage(error) ? connectionLost() : error;
	// A function may have been created again with other parameters.
	if (error.code === '42883') forget();
	return restRefusalOf(error, role === 'authenticated');
}

const json = (status: number, body: string) =>
	new Response(body, { status, headers: { 'content-type': 'application/json; charset=utf-8' } });

// Filters, counts, single rows, other schemas and everything else that changes the answer are left to REST.
function callFrom(prefix: string, input: RequestInfo | URL, init: RequestInit = {}): Call | null {
	if (init.method !== 'POST' || init.signal || typeof input !== 'string' || !input.startsWith(prefix)) return null;
	const name = input.slice(prefix.length);
	if (!/^\w{1,63}$/.test(name)) return null;
	const headers = init.headers instanceof Headers ? init.headers : new Headers(init.headers);
	const isPlain =
		!headers.has('prefer') &&
		['application/json', '*/*', null].includes(headers.get('accept')) &&
		['public', null].includes(headers.get('content-profile'));
	const body = init.body ?? '{}';
	const given = isPlain && typeof body === 'string' ? namesIn(body) : null;
	if (given === null) return null;
	return { name, token: tokenIn(headers), body: body as string, given };
}

function namesIn(body: string): Set<string> | null {
	try {
		const values: unknown = JSON.parse(body);
		return typeof values === 'object' && values !== null && !Array.isArray(values)
			? new Set(Object.keys(values))
			: null;
	} catch {
		return null;
	}
}

function tokenIn(headers: Headers): string | null {
	return /^bearer\s+(.*)$/i.exec(headers.get('authorization') ?? '')?.[1]?.trim() ?? null;
}
