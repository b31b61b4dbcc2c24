-- Once, when the database is made: each program signs in with a password of its own.
\set auth `echo "$AUTH_PASSWORD"`
\set rest `echo "$REST_PASSWORD"`
set log_statement = none;
alter role supabase_auth_admin with password :'auth';
alter role authenticator with password :'rest';
