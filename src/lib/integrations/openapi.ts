/* The OpenAPI document of /api/v1, made from the schemas of the answers. */
import { apiJsonSchemas } from '#lib/database/api-schemas.ts';
import { toJsonSchema, type JsonSchema } from '@valibot/to-json-schema';
import { apiLists, apiWholes } from './addresses.ts';
import { checkInSchema } from './check-in.ts';
import { pageSizes } from './cursors.ts';
import { apiFilters } from './filters.ts';
import { problems, type ProblemCode } from './problems.ts';
import type { ApiScope } from './scopes.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const header = (description: string, type = 'string') => ({ description, schema: { type } });

const limits = {
	'RateLimit-Policy': header('How many requests a key may make in how many seconds.'),
	RateLimit: header('How many are left (r), and seconds until all are (t).')
};

function refused(...codes: ProblemCode[]) {
	const byStatus = Map.groupBy(codes, (code) => problems[code].status);
	return Object.fromEntries(
		[...byStatus].map(([status, of]) => [
			String(status),
			{
				description: of.map((code) => `\`${code}\`: ${problems[code].title}`).join(' '),
				...(status === 429 && { headers: { ...limits, 'Retry-After': header('Seconds to wait.', 'integer') } }),
				content: { 'application/problem+json': { schema: ref('Problem') } }
			}
		])
	);
}

const always: ProblemCode[] = [
	'key_missing',
	'key_unknown',
	'key_revoked',
	'key_expired',
	'key_not_entitled',
	'too_many_requests',
	'unavailable'
];

function answered(name: string, more: Record<string, unknown> = {}) {
	return {
		'200': {
			description: 'The answer.',
			headers: { ...limits, ETag: header('Of this answer.'), ...more },
			content: { 'application/json': { schema: ref(name) } }
		}
	};
}

const pageParameters = [
	{
		name: 'limit',
		in: 'query',
		description: 'How many rows a page has at most.',
		schema: { type: 'integer', minimum: 1, maximum: pageSizes.most, default: pageSizes.usual }
	},
	{
		name: 'cursor',
		in: 'query',
		description: 'The page to read: `next` of the one before.',
		schema: { type: 'string', maxLength: 300 }
	}
];
const filterParameters = Object.fromEntries(
	Object.entries(apiFilters).map(([list, schema]) => {
		const { properties = {} } = toJsonSchema(schema, { typeMode: 'input', ignoreActions: ['check'] });
		return [
			list,
			Object.entries(properties).map(([name, described]) => {
				const { description, ...of } = described as JsonSchema;
				return { name, in: 'query', description, schema: of };
			})
		] as const;
	})
);
const ifNoneMatch = {
	name: 'If-None-Match',
	in: 'header',
	description: 'ETags of answers that the client has.',
	schema: { type: 'string' }
};
const unchanged = { '304': { description: 'The client has this answer.' } };

interface Described {
	scope: ApiScope | null;
	answers: string;
	summary: string;
	detail?: string;
}

const about = ({ scope, summary, detail }: Omit<Described, 'answers'>) => ({
	summary,
	description: [detail, scope ? `Scope: \`${scope}\`.` : 'Any key.'].filter(Boolean).join(' ')
});

const idOf = (path: string) => path.replace(/\/(\w)/g, (_, letter: string) => letter.toUpperCase());

function reading(path: string, address: Described, isPaged: boolean) {
	const codes: ProblemCode[] = [...always, 'invalid_query'];
	if (isPaged) codes.push('invalid_cursor');
	if (address.scope) codes.push('scope_missing');
	return {
		get: {
			operationId: `read${idOf(`/${path}`)}`,
			...about(address),
			parameters: [...(isPaged ? pageParameters : []), ...(filterParameters[path] ?? []), ifNoneMatch],
			responses: {
				...answered(address.answers, isPaged ? { Link: header('The next page, rel="next".') } : {}),
				...unchanged,
				...refused(...codes)
			}
		}
	};
}

const checkingIn = {
	post: {
		operationId: 'checkIn',
		...about({
			scope: 'check_in',
			summary: 'Check a badge in or out',
			detail: 'By the rules of the door, in the name of who made the key. A refused badge is an answer too.'
		}),
		parameters: [
			{
				name: 'Idempotency-Key',
				in: 'header',
				required: true,
				description: 'Chosen by the client, one for each scan: the same key gets the same answer for 24 hours.',
				schema: { type: 'string', minLength: 1, maxLength: 255 }
			}
		],
		requestBody: { required: true, content: { 'application/json': { schema: ref('CheckInRequest') } } },
		responses: {
			...answered('CheckIn', { 'Idempotency-Replayed': header('true: this is an earlier answer.') }),
			...refused(
				...always,
				'scope_missing',
				'maker_not_allowed',
				'idempotency_key_missing',
				'idempotency_key_reused',
				'invalid_body',
				'not_json',
				'too_large',
				'checkpoint_not_found',
				'summit_closed'
			)
		}
	}
};

const problemSchema = {
	type: 'object',
	description: 'RFC 9457. Clients read `code`; sentences may change.',
	required: ['type', 'title', 'status', 'code'],
	properties: {
		type: { type: 'string', format: 'uri' },
		title: { type: 'string' },
		status: { type: 'integer' },
		code: { type: 'string', enum: Object.keys(problems) },
		scope: { type: 'string', description: 'The scope that the key has not.' },
		reference: { type: 'string', description: 'Of a fault, for whoever runs the site.' }
	}
};

/** The document, for the site at an origin. */
export function openApiDocument(origin: string) {
	const described = (all: Record<string, Described>, isPaged: boolean) =>
		Object.entries(all).map(([path, address]) => [`/${path}`, reading(path, address, isPaged)] as const);
	const { $schema: _, ...checkIn } = toJsonSchema(checkInSchema, { target: 'draft-2020-12', typeMode: 'input' });
	return {
		openapi: '3.1.0',
		info: {
			title: 'Global Summit',
			version: '1',
			description:
				'What other systems read of a Summit, and check in. Each key is of one Summit. Version 1 only grows: fields and addresses are added, and clients pass over what they do not know.',
			license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
		},
		servers: [{ url: `${origin}/api/v1` }],
		security: [{ key: [] }],
		paths: Object.fromEntries([
			...described(apiWholes, false),
			...described(apiLists, true),
			['/check-ins', checkingIn]
		]),
		components: {
			securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key that an owner made, gs_….' } },
			schemas: { ...apiJsonSchemas(), CheckInRequest: checkIn, Problem: problemSchema }
		}
	};
}
