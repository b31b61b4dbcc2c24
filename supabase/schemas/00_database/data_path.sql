-- The login role of the app's data path: it sends the calls of pages straight to Postgres, as the caller's own role
-- (src/lib/database/server/data-path), where PostgREST would do it as `authenticator`.

-- It may become anon and authenticated for a transaction and nothing else: not service_role, as PostgREST may, and
-- not app_server. It has no rights and does not inherit theirs, so that a connection outside of a call reads
-- nothing. It cannot sign in before it is given a password (docs/operations.md). Its settings are those of the REST
-- connection: the search path of PostgREST, and the time limits of src/lib/database/server/timeouts.ts.
do $$
begin
	if not exists (select from pg_roles where rolname = 'data_path') then
		create role data_path nologin noinherit;
	end if;
	grant anon, authenticated to data_path;
	alter role data_path set search_path = public, extensions;
	alter role data_path set statement_timeout = '20s';
	alter role data_path set idle_in_transaction_session_timeout = '20s';
end
$$;
