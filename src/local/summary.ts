import pg from 'pg';
import type { Stack } from './stack.ts';

const mostPeople = 14;

/** What the console says at the end: where everything is, and how to sign in. */
export async function summary({ environment, variables, state }: Stack): Promise<string> {
	const lines = ['', `  Global Summit     ${environment.origin}`];
	if (variables.LOCAL_INBOX_URL)
		lines.push(`  Inbox             ${variables.LOCAL_INBOX_URL}   (every mail that is sent stays here)`);
	if (variables.LOCAL_SAMPLE && variables.DATABASE_URL) {
		lines.push(`  Sample sign-in    ${environment.origin}/sample   (one click each)`);
		lines.push(...(await samplePeople(variables.DATABASE_URL)));
	} else lines.push(`  Sign in           ${environment.origin}/sign-in   (a code comes by mail)`);
	const livekit = state.get('livekit');
	if (livekit.state !== 'ready') lines.push(`  Live rooms        ${livekit.detail || 'starting, behind the site'}`);
	return [...lines, '', '  Ctrl-C stops everything.', ''].join('\n');
}

async function samplePeople(url: string): Promise<string[]> {
	const client = new pg.Client({ connectionString: url });
	try {
		await client.connect();
		const { rows } = await client.query<{ display_name: string; description: string }>(
			'select display_name, description from private.sample_people()'
		);
		const more = rows.length > mostPeople ? [`      and ${rows.length - mostPeople} more`] : [];
		return [
			...rows.slice(0, mostPeople).map(({ display_name, description }) => `      ${display_name}: ${description}`),
			...more
		];
	} catch {
		// The page lists them too; the summary is no reason to fail.
		return [];
	} finally {
		await client.end().catch(() => undefined);
	}
}
