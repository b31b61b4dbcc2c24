import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How far an engine is; "off" is a state by choice, "failed" one that somebody must look at. */
type EngineState = 'starting' | 'building' | 'ready' | 'off' | 'failed';
export type Engine = 'postgres' | 'supabase' | 'livekit' | 'stripe' | 'mail';

/** Keeps DATA_DIR/state.json, which /readyz reads. */
export interface StateFile {
	path: string;
	set(engine: Engine, state: EngineState, detail?: string): void;
	get(engine: Engine): { state: EngineState; detail: string };
}

/** Starts the file with every engine "starting". */
export function openState(dataFolder: string): StateFile {
	const path = join(dataFolder, 'state.json');
	const starting = () => ({ state: 'starting' as EngineState, detail: '' });
	const engines = {
		postgres: starting(),
		supabase: starting(),
		livekit: starting(),
		stripe: starting(),
		mail: starting()
	};
	function write() {
		// Renamed into place, so that a reader never sees half a file.
		writeFileSync(`${path}.new`, JSON.stringify(engines));
		renameSync(`${path}.new`, path);
	}
	write();
	return {
		path,
		set(engine, state, detail = '') {
			engines[engine] = { state, detail };
			write();
		},
		get: (engine) => engines[engine]
	};
}
