/* What lies on this machine: the scanner of files, disks, and the programs that record. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { isScannerThere, scan, scannerAddress } from '#lib/files/server/clamd.ts';
import { recorderBrowser } from '#lib/recording/server/browser.ts';
import { findFfmpeg } from '#lib/recording/server/ffmpeg.ts';
import { fault, notAsked, ok, reasonOf, warning, type Check, type Diagnosis } from '../check.ts';

// The harmless file that every scanner must find; in two parts, so that none finds this source.
const sample = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR' + '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
	yield Buffer.from(text);
}

export const clamd: Check = {
	name: 'clamd',
	async run({ env }) {
		const address = scannerAddress(env['CLAMD_URL']);
		if (!address) return [warning('files are checked by type and structure only', 'Run clamd, and set CLAMD_URL.')];
		if (!(await isScannerThere(address)))
			return [
				fault(
					'clamd does not answer',
					'Start it; its first start fetches signatures for minutes. No file is given to anybody meanwhile.'
				)
			];
		const verdict = await scan(address, bytesOf(sample), 15_000);
		if (verdict.result === 'refused') return [ok('clamd finds the test file')];
		return [fault('clamd does not find the test file', 'Look whether freshclam gets its signatures.')];
	}
};

const GB = 1e9;

async function diskOf(name: string, folder: string): Promise<Diagnosis> {
	try {
		await access(folder, constants.W_OK);
		const { bavail, blocks, bsize } = await statfs(folder);
		const [free, share] = [bavail * bsize, bavail / blocks];
		const words = `${name}: ${(free / GB).toFixed(1)} GB free, ${Math.round(share * 100)} %`;
		if (free < GB) return fault(words, 'Free space at once: uploads and recordings fail.');
		if (free < 10 * GB || share < 0.05)
			return warning(words, 'A recorded hour takes some 1 to 2 GB until it is whole.');
		return ok(words);
	} catch (error) {
		return fault(
			`${name}: ${folder} is not writable (${reasonOf(error)})`,
			'Make it, and give it to the user of the server.'
		);
	}
}

export const disks: Check = {
	name: 'disk',
	async run({ env }) {
		const folders = [
			['DATA_DIR', env['DATA_DIR'] || '.data'],
			['FILES_DIR', env['FILES_DIR']],
			// A bucket has no end that is known here.
			['BACKUP_TO', env['BACKUP_TO']?.startsWith('s3:') ? undefined : env['BACKUP_TO']]
		] as const;
		return Promise.all(folders.flatMap(([name, folder]) => (folder ? [diskOf(name, resolve(folder))] : [])));
	}
};

const run = promisify(execFile);

async function versionOf(path: string, option: string): Promise<string> {
	const { stdout } = await run(path, [option], { timeout: 10_000 });
	return (stdout.split('\n')[0] ?? '').slice(0, 60).trim();
}

export const recording: Check = {
	name: 'recording',
	async run({ env }) {
		if (env['LIVEKIT_EGRESS'] === '1') return [notAsked('LiveKit Egress records')];
		const found: Diagnosis[] = [];
		for (const [what, path, option, remedy] of [
			[
				'browser',
				recorderBrowser(),
				'--version',
				'Sessions are not recorded here: install chromium-headless-shell, or build the image with RECORDING=yes.'
			],
			[
				'ffmpeg',
				findFfmpeg(),
				'-version',
				'Recordings stay WebM, which Safari before 17.4 does not play: install ffmpeg.'
			]
		] as const) {
			if (!path) found.push(warning(`there is no ${what}`, remedy));
			else
				found.push(
					await versionOf(path, option).then(
						(version) => ok(`${what}: ${version}`),
						(error: unknown) =>
							fault(`${path} does not start (${reasonOf(error)})`, 'Install it again, with its libraries.')
					)
				);
		}
		return found;
	}
};
