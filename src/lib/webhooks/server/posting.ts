/*
 * One request to an endpoint. The name is resolved once, its addresses are checked, and the connection goes to one of these: a name
 * that leads elsewhere a moment later changes nothing. No redirect is followed, and no proxy of the environment is used.
 */
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Enums } from '#lib/database/types.ts';
import { checkedAddresses, type FoundAddress, type Resolve } from '../addresses.ts';

/** What an endpoint answered: a status with the beginning of its body, or why there is no answer. */
export interface PostOutcome {
	status: number | null;
	fault: Enums<'webhook_fault'> | null;
	excerpt: string;
	tookMs: number;
}

interface PostOptions {
	resolve?: Resolve;
	timeoutMs?: number;
	/** Ends the request early, when the process stops. */
	stopping?: AbortSignal | undefined;
}

/** How long an attempt may take in all. */
export const postTimeoutMs = 15_000;
// Of the body only so much is read, and not for long once the status is known.
const mostBytes = 2000;
const bodyTimeoutMs = 2000;
const mostCharacters = 500;

const bySystem: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

/** Posts JSON to an endpoint. Never throws. */
export async function postToEndpoint(
	url: URL,
	body: string,
	headers: Record<string, string>,
	{ resolve = bySystem, timeoutMs = postTimeoutMs, stopping }: PostOptions = {}
): Promise<PostOutcome> {
	const began = performance.now();
	const limit = AbortSignal.timeout(timeoutMs);
	const signal = stopping ? AbortSignal.any([limit, stopping]) : limit;
	const outcome = await attempt(url, body, headers, resolve, signal).catch((error: unknown) => faulty(faultOf(error)));
	return { ...outcome, tookMs: Math.round(performance.now() - began) };
}

type Answer = Omit<PostOutcome, 'tookMs'>;
const faulty = (fault: Enums<'webhook_fault'>): Answer => ({ status: null, fault, excerpt: '' });

async function attempt(
	url: URL,
	body: string,
	headers: Record<string, string>,
	resolve: Resolve,
	signal: AbortSignal
): Promise<Answer> {
	const addresses = await Promise.race([checkedAddresses(url, resolve), aborted(signal)]);
	if (typeof addresses === 'string') return faulty(addresses);
	return send(url, body, headers, addresses, signal);
}

function aborted(signal: AbortSignal): Promise<never> {
	return new Promise((_, refuse) => {
		const end = () => refuse(signal.reason as Error);
		if (signal.aborted) end();
		else signal.addEventListener('abort', end, { once: true });
	});
}

function send(
	url: URL,
	body: string,
	headers: Record<string, string>,
	addresses: FoundAddress[],
	signal: AbortSignal
): Promise<Answer> {
	const pinned: LookupFunction = (_hostname, options, done) => {
		const [first] = addresses;
		if (options.all === true) done(null, addresses);
		else if (first) done(null, first.address, first.family);
	};
	return new Promise((settle, refuse) => {
		const request = (url.protocol === 'https:' ? https : http).request(
			url,
			{
				method: 'POST',
				headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
				agent: false,
				lookup: pinned,
				signal
			},
			(response) => {
				void beginningOf(response).then((excerpt) => {
					request.destroy();
					settle({ status: response.statusCode ?? 0, fault: null, excerpt });
				});
			}
		);
		request.on('error', refuse);
		request.end(body);
	});
}

// What came within the limits; a body that breaks off or never ends is cut, for its status is known.
function beginningOf(response: http.IncomingMessage): Promise<string> {
	return new Promise((settle) => {
		const pieces: Buffer[] = [];
		let size = 0;
		const timer = setTimeout(end, bodyTimeoutMs);
		function end() {
			clearTimeout(timer);
			settle(asExcerpt(Buffer.concat(pieces).subarray(0, mostBytes).toString('utf8')));
		}
		response.on('data', (piece: Buffer) => {
			pieces.push(piece);
			size += piece.length;
			if (size >= mostBytes) end();
		});
		for (const event of ['end', 'error', 'close', 'aborted']) response.on(event, end);
	});
}

// One line without signs that control, hide or turn the text around it.
function asExcerpt(text: string): string {
	const line = text.replace(/[\s\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu, ' ').trim();
	return [...line].slice(0, mostCharacters).join('');
}

const faultsByCode: [RegExp, Enums<'webhook_fault'>][] = [
	[/^(?:ENOTFOUND|EAI_\w+)$/, 'name'],
	[/^(?:ETIMEDOUT|ABORT_ERR|UND_ERR_\w*TIMEOUT)$/, 'timeout'],
	[/^(?:HPE_|ERR_HTTP)/, 'protocol'],
	[/^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA)/, 'tls']
];

function faultOf(error: unknown): Enums<'webhook_fault'> {
	const { name, code } = error as { name?: string; code?: string };
	if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
	return faultsByCode.find(([form]) => form.test(String(code)))?.[1] ?? 'refused';
}
