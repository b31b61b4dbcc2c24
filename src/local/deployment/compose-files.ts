/* The compose files of deploy/, as Docker Compose reads them: `extends` is followed. For tests; Docker itself reads the files. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';

/** One service, with what the tests look at. */
export interface Service {
	image?: string;
	build?: string | { context: string };
	restart?: string;
	profiles?: string[];
	entrypoint?: string[];
	command?: string[];
	env_file?: { path: string }[];
	environment?: Record<string, string | null>;
	labels?: Record<string, string>;
	stop_grace_period?: string;
	healthcheck?: { test: string[] };
	ports?: string[];
	volumes?: (string | { target: string })[];
	networks?: string[];
	network_mode?: string;
	depends_on?: Record<string, { condition: string }>;
	mem_limit?: string;
	logging?: { driver: string; options: Record<string, string> };
	security_opt?: string[];
	privileged?: boolean;
	extends?: { file: string; service: string };
}

/** A whole compose file. */
export interface Deployment {
	services: Record<string, Service>;
	networks?: Record<string, { internal?: boolean } | null>;
	volumes?: Record<string, unknown>;
}

/** The names of the deployments: the folders of deploy/ with a compose file. */
export const deployments = (): string[] =>
	globSync('deploy/*/compose.yaml')
		.map((file) => file.split('/')[1] ?? '')
		.sort();

const read = (file: string) => load(readFileSync(file, 'utf8')) as Deployment;

/** A deployment with each service as it is run. */
export function readDeployment(name: string): Deployment {
	const file = `deploy/${name}/compose.yaml`;
	const deployment = read(file);
	const services = Object.entries(deployment.services).map(([id, service]) => [id, extended(service, dirname(file))]);
	return { ...deployment, services: Object.fromEntries(services) as Record<string, Service> };
}

const targetOf = (volume: string | { target: string }) =>
	typeof volume === 'string' ? volume.split(':')[1] : volume.target;

function extended({ extends: base, ...own }: Service, folder: string): Service {
	if (!base) return own;
	const file = join(folder, base.file);
	const given = read(file).services[base.service];
	if (!given) throw new Error(`${file} has no service ${base.service}.`);
	const under = extended(given, dirname(file));
	const targets = new Set((own.volumes ?? []).map(targetOf));
	return {
		...under,
		...own,
		environment: { ...under.environment, ...own.environment },
		labels: { ...under.labels, ...own.labels },
		volumes: [...(under.volumes ?? []).filter((volume) => !targets.has(targetOf(volume))), ...(own.volumes ?? [])]
	};
}

/** The variables of a container, with the values of a file .env. */
export function environmentOf(
	{ environment = {} }: Service,
	values: Record<string, string | undefined>
): Record<string, string | undefined> {
	const filled = (text: string) =>
		text.replace(/(?<!\$)\$\{([A-Z0-9_]+)[^}]*\}/g, (_, name: string) => values[name] ?? '');
	return Object.fromEntries(
		Object.entries(environment).map(([name, text]) => [name, text === null ? values[name] : filled(text)])
	);
}

/** What the files take from .env: the name, and what follows it in the braces. */
export function interpolations(text: string): { name: string; rest: string }[] {
	return [...text.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)([^}]*)\}/g)].map(([, name = '', rest = '']) => ({ name, rest }));
}
