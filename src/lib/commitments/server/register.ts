import type { CommitmentRegister } from '#lib/database/answers/commitments.ts';
import type { DataClient } from '#lib/database/client.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { clearOnChange, LiveCache } from '#lib/live/server/live-cache.ts';
import { readRegister } from './commitments.ts';

const registers = new LiveCache<CommitmentRegister>({
	entries: 1,
	ttl: 60_000,
	cachesWithoutEvents: true,
	onEvent: clearOnChange
});

/** The register that everyone may see, signed in or not. */
export function readPublicRegister(): Promise<CommitmentRegister> {
	return registers.get('public', () => readRegister(anonymousClient()));
}

/** The register as the reader sees it. */
export function readRegisterFor({
	supabase,
	viewer
}: {
	supabase: DataClient;
	viewer: unknown;
}): Promise<CommitmentRegister> {
	return viewer === null ? readPublicRegister() : readRegister(supabase);
}
