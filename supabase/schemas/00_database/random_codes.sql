-- Random codes that people read and type.

-- A code of `p_length` letters and digits, without those that look alike (I, L, O, 0, 1).
create function private.random_code(p_length integer) returns text
language plpgsql volatile set search_path = '' as $$
declare
	alphabet constant text := 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
	bytes bytea := extensions.gen_random_bytes(p_length * 2);
	code text := '';
begin
	-- 16 random bits for each character keep the bias of the modulus under one in two thousand.
	for i in 0 .. p_length - 1 loop
		code := code || substr(alphabet,
			1 + ((get_byte(bytes, i * 2) * 256 + get_byte(bytes, i * 2 + 1)) % length(alphabet)), 1);
	end loop;
	return code;
end
$$;
grant execute on function private.random_code(integer) to app_server, authenticated, service_role;
