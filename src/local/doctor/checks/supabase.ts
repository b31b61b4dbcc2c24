import { checkHostedAuth } from '../../hosted-auth.ts';
import { fault, notAsked, ok, reasonOf, warning, type Check, type Diagnosis } from '../check.ts';

async function statusOf(url: string, key: string): Promise<number | string> {
	try {
		const headers = { apikey: key, authorization: `Bearer ${key}` };
		const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(8000) });
		await answer.body?.cancel();
		return answer.status;
	} catch (error) {
		return reasonOf(error);
	}
}

/** The days that a key of Supabase in the form of a token still has; null for keys that do not end. */
function daysOf(key: string, now: number): number | null {
	try {
		const { exp } = JSON.parse(Buffer.from(key.split('.')[1] ?? '', 'base64url').toString()) as { exp?: number };
		return exp === undefined ? null : Math.floor((exp * 1000 - now) / 86_400_000);
	} catch {
		return null;
	}
}

/** Auth and REST, with both keys. */
export const supabase: Check = {
	name: 'supabase',
	limitMs: 30_000,
	async run({ env, isLocal, now }) {
		const { SUPABASE_URL = '', SUPABASE_PUBLISHABLE_KEY: open = '', SUPABASE_SECRET_KEY: secret = '' } = env;
		if (!SUPABASE_URL) return [notAsked('SUPABASE_URL is not set')];
		const base = SUPABASE_URL.replace(/\/$/, '');
		const [auth, admin, rest] = await Promise.all([
			statusOf(`${base}/auth/v1/health`, open),
			// The local Auth has no list of people.
			isLocal ? 200 : statusOf(`${base}/auth/v1/admin/users?per_page=1`, secret),
			statusOf(`${base}/rest/v1/agenda_sessions_v1?limit=1`, open)
		]);
		const found: Diagnosis[] = [
			auth === 200
				? ok('Auth answers')
				: fault(`Auth does not answer (${auth})`, 'Start it; SUPABASE_URL with /auth/v1 must lead there.'),
			admin === 200
				? ok('Auth takes the secret key')
				: fault(
						`Auth refuses the secret key (${admin})`,
						'Take SUPABASE_SECRET_KEY from the project, or sign it with its JWT secret.'
					),
			rest === 200
				? ok('REST answers with the public views')
				: fault(
						`REST does not answer (${rest})`,
						'Start it; SUPABASE_URL with /rest/v1 must lead there, and migrations must be applied.'
					)
		];
		if (!isLocal) {
			const { problems, warning: unread } = await checkHostedAuth(SUPABASE_URL, open, secret);
			found.push(
				...problems.map((problem) =>
					fault(problem.replace(/^SUPABASE_URL: |\. .*$/gs, ''), problem.replace(/^.*?\. /s, ''))
				)
			);
			if (unread)
				found.push(
					warning(
						unread.replace(/^SUPABASE_URL: |\.$/g, ''),
						'Look at the settings of Auth yourself (supabase/config.toml).'
					)
				);
			if (problems.length === 0 && !unread) found.push(ok('nobody signs up or in around the site'));
		}
		for (const [name, key] of [
			['SUPABASE_PUBLISHABLE_KEY', open],
			['SUPABASE_SECRET_KEY', secret]
		] as const) {
			const days = daysOf(key, now());
			if (days !== null && days < 60)
				found.push(fault(`${name} ends in ${days} days`, 'Sign a new one, and restart every process.'));
		}
		return found;
	}
};
