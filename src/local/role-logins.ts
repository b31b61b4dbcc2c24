/* The passwords of the app's two roles, which migrations make without a login. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type pg from 'pg';

const iterations = 4096;

/** What PostgreSQL stores of a password (SCRAM-SHA-256), so that no statement or log holds the password itself. */
export function scramVerifier(password: string, salt = randomBytes(16)): string {
	const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
	const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
	const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
	return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}

/** The role and password of a connection, where it signs in as `role`: poolers append the project to the name. */
function passwordIn(url: string | undefined, role: string): string | null {
	if (!url || !URL.canParse(url)) return null;
	const { username, password } = new URL(url);
	const isOurs = username === role || username.startsWith(`${role}.`);
	return isOurs && password ? decodeURIComponent(password) : null;
}

/** Lets `app_server` and `data_path` sign in with the passwords that their connections have; answers which ones. */
export async function openRoleLogins(client: pg.Client, env: Record<string, string | undefined>): Promise<string[]> {
	const roles = [
		['app_server', passwordIn(env['APP_DATABASE_URL'], 'app_server')],
		['data_path', passwordIn(env['DATA_DATABASE_URL'], 'data_path')]
	] as const;
	const opened: string[] = [];
	for (const [role, password] of roles) {
		if (password === null) continue;
		await client.query(`alter role ${role} login password ${client.escapeLiteral(scramVerifier(password))}`);
		opened.push(role);
	}
	return opened;
}
