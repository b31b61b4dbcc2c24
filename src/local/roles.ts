import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type pg from 'pg';

/** Passwords of the roles that sign in to a local cluster. */
interface RolePasswords {
	owner: string;
	lite: string;
}

/**
 * Gives a fresh cluster Supabase's roles. As there, `postgres` owns our schema and is no superuser, so that a migration
 * that needs one fails here first. `lite_login` is what the local Auth and REST connect as: its attempts to grant
 * everything to everybody at each start then come to nothing.
 */
export async function createRoles(superuser: pg.Client, passwords: RolePasswords): Promise<void> {
	const [owner, lite] = [passwords.owner, passwords.lite].map((word) => superuser.escapeLiteral(word));
	await superuser.query(`
		create role postgres login createrole createdb bypassrls replication password ${owner};
		create role anon nologin noinherit;
		create role authenticated nologin noinherit;
		create role service_role nologin noinherit bypassrls;
		create role lite_login login inherit password ${lite};
		grant anon, authenticated, service_role to lite_login;
		grant anon, authenticated, service_role to postgres with admin option;
		grant set on parameter session_replication_role to postgres;
		alter database postgres owner to postgres;
	`);
}

/** Gives a database what Supabase's Auth would have made there before the first migration. */
export async function createSystemSchema(superuser: pg.Client): Promise<void> {
	await superuser.query(`
		create schema auth authorization lite_login;
		create schema extensions authorization postgres;
		grant usage on schema auth to postgres, anon, authenticated, service_role;
		grant usage on schema extensions to anon, authenticated, service_role;
		grant create on database ${superuser.escapeIdentifier(superuser.database ?? 'postgres')} to lite_login;
		alter role postgres in database ${superuser.escapeIdentifier(superuser.database ?? 'postgres')} set search_path = "$user", public, extensions;
		set role lite_login;
		${await authTables()}
		${claims}
		reset role;
		revoke create on database ${superuser.escapeIdentifier(superuser.database ?? 'postgres')} from lite_login;
		revoke all on all tables in schema auth from public, anon, authenticated;
		grant all on all tables in schema auth to postgres;
		grant execute on all functions in schema auth to postgres, anon, authenticated, service_role;
	`);
}

// In a separate process: the package needs 60 MB, which the supervisor would keep as long as it runs.
async function authTables(): Promise<string> {
	const print = `import('@supabase/lite').then((lite) => process.stdout.write(lite.getAuthSchemaSql()))`;
	const { stdout } = await promisify(execFile)(process.execPath, ['-e', print], { cwd: import.meta.dirname });
	return stdout;
}

/** Lets the roles of the app sign in, which the migrations create. */
export async function openAppRoles(superuser: pg.Client, passwords: { app: string; data: string }): Promise<void> {
	await superuser.query(`
		alter role app_server login password ${superuser.escapeLiteral(passwords.app)};
		alter role data_path login password ${superuser.escapeLiteral(passwords.data)};
	`);
}

// Supabase's own definitions: they read both forms of the claims, where lite's read only one.
const claims = `
	create function auth.jwt() returns jsonb language sql stable as $$
		select coalesce(nullif(current_setting('request.jwt.claim', true), ''), nullif(current_setting('request.jwt.claims', true), ''))::jsonb
	$$;
	create function auth.uid() returns uuid language sql stable as $$
		select coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
			(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'))::uuid
	$$;
	create function auth.role() returns text language sql stable as $$
		select coalesce(nullif(current_setting('request.jwt.claim.role', true), ''),
			(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'))
	$$;
	create function auth.email() returns text language sql stable as $$
		select coalesce(nullif(current_setting('request.jwt.claim.email', true), ''),
			(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'))
	$$;
`;
