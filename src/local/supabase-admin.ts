/* The part of GoTrue's administration that our app uses and lite has not: links to sign in with, and users. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { timingSafeEqual } from 'node:crypto';
import type { EmailDriver } from '@supabase/lite';
import pg from 'pg';
import type { LiteSettings } from './supabase.ts';

interface CaughtMail {
	text?: string;
	html?: string;
}

const caught = new AsyncLocalStorage<CaughtMail[]>();

/** lite's e-mail driver: what it wants to send goes to the request that caused it, and never to anybody's inbox. */
export const mailCatcher: EmailDriver = {
	async send({ text, html }) {
		caught.getStore()?.push({ text, html });
	}
};

/** Runs a request and hands back the mails that it would have sent. */
export function catchMail(fetch: (request: Request) => Promise<Response>) {
	return async (request: Request): Promise<{ response: Response; mails: CaughtMail[] }> => {
		const mails: CaughtMail[] = [];
		return { response: await caught.run(mails, () => fetch(request)), mails };
	};
}

type Caught = ReturnType<typeof catchMail>;

/** Answers `/auth/v1/admin/…` as GoTrue does, to who holds the secret key. */
export function authAdmin(settings: LiteSettings, run: Caught): (request: Request) => Promise<Response> {
	const pool = new pg.Pool({
		connectionString: settings.databaseUrl,
		max: 2,
		connectionTimeoutMillis: 10_000,
		query_timeout: 20_000
	});
	pool.on('error', () => undefined);
	return async (request) => {
		if (!isKey(request.headers.get('apikey'), settings.secretKey))
			return refusal(401, 'no_authorization', 'This endpoint requires the secret key.');
		const path = new URL(request.url).pathname.slice('/auth/v1/admin/'.length);
		if (path === 'generate_link' && request.method === 'POST') return generateLink(request, settings, pool, run);
		const id = /^users\/([0-9a-f-]{36})$/.exec(path)?.[1];
		if (id && request.method === 'GET') return readUser(pool, id);
		if (id && request.method === 'DELETE') return deleteUser(pool, id);
		return refusal(404, 'not_found', 'Not part of the local Auth.');
	};
}

function isKey(given: string | null, key: string): boolean {
	const [left, right] = [Buffer.from(given ?? ''), Buffer.from(key)];
	return left.length === right.length && timingSafeEqual(left, right);
}

function refusal(status: number, code: string, message: string): Response {
	return Response.json({ code: status, error_code: code, msg: message }, { status });
}

async function generateLink(request: Request, settings: LiteSettings, pool: pg.Pool, run: Caught): Promise<Response> {
	const body = (await request.json().catch(() => ({}))) as { type?: unknown; email?: unknown };
	if (body.type !== 'magiclink' || typeof body.email !== 'string')
		return refusal(400, 'validation_failed', 'type must be magiclink, with an email.');
	const email = body.email.trim().toLowerCase();
	const known = await pool.query('select from auth.users where email = $1', [email]);
	const { response, mails } = await run(
		new Request(new URL('/auth/v1/otp', request.url), {
			method: 'POST',
			headers: { apikey: settings.publishableKey, 'content-type': 'application/json' },
			body: JSON.stringify({ email, create_user: true })
		})
	);
	if (!response.ok) return response;
	const text = mails.map((mail) => `${mail.text ?? ''}\n${mail.html ?? ''}`).join('\n');
	const hash = /[?&](?:amp;)?token=([^&\s"]+)/.exec(text)?.[1];
	const code = /\b\d{6}\b/.exec(text)?.[0];
	const user = (await pool.query<UserRow>(`${userQuery} where email = $1`, [email])).rows[0];
	if (!hash || !user) return refusal(500, 'unexpected_failure', 'lite sent no link.');
	// lite opens a session for each new user at once; nobody holds its token.
	if (known.rowCount === 0) await pool.query('delete from auth.sessions where user_id = $1', [user.id]);
	const redirect = new URL(request.url).searchParams.get('redirect_to') ?? settings.siteUrl;
	const link = new URL('/auth/v1/verify', request.url);
	link.search = new URLSearchParams({ token: hash, type: 'magiclink', redirect_to: redirect }).toString();
	return Response.json({
		...userJson(user),
		action_link: link.href,
		email_otp: code,
		hashed_token: decodeURIComponent(hash),
		redirect_to: redirect,
		verification_type: 'magiclink'
	});
}

interface UserRow {
	id: string;
	email: string;
	created_at: Date;
	updated_at: Date;
	last_sign_in_at: Date | null;
	raw_app_meta_data: object;
	raw_user_meta_data: object;
}

const userQuery =
	'select id, email, created_at, updated_at, last_sign_in_at, raw_app_meta_data, raw_user_meta_data from auth.users';

function userJson(row: UserRow): object {
	const { raw_app_meta_data: app_metadata, raw_user_meta_data: user_metadata, ...user } = row;
	return {
		aud: 'authenticated',
		role: 'authenticated',
		phone: '',
		identities: [],
		is_anonymous: false,
		...user,
		app_metadata,
		user_metadata
	};
}

async function readUser(pool: pg.Pool, id: string): Promise<Response> {
	const user = (await pool.query<UserRow>(`${userQuery} where id = $1`, [id])).rows[0];
	return user ? Response.json(userJson(user)) : refusal(404, 'user_not_found', 'User not found');
}

async function deleteUser(pool: pg.Pool, id: string): Promise<Response> {
	await pool.query('delete from auth.refresh_tokens where user_id = $1', [id]);
	const { rowCount } = await pool.query('delete from auth.users where id = $1', [id]);
	return rowCount ? Response.json({}) : refusal(404, 'user_not_found', 'User not found');
}
