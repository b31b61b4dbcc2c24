/* The OpenAPI document: valid, about the routes that exist, and the source of the client that tests use. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { openApiDocument } from './openapi.ts';
import { problems } from './problems.ts';

const document = openApiDocument('https://summit.example.org');
const text = JSON.stringify(document);
const root = join(import.meta.dirname, '../../..');
const clientFile = join(root, 'tests/fixtures/api-v1.d.ts');

test('is a valid document of OpenAPI 3.1', async () => {
	expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
});

test('describes exactly the routes of the API', () => {
	const routes = readdirSync(join(root, 'src/routes/api/v1'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('+server.ts'))
		.map((file) => `/${file.replace(/\/\+server\.ts$/, '')}`);
	// The document itself, and what is at no address.
	const described = [...Object.keys(document.paths), '/openapi.json', '/[...rest]'];
	expect(routes.sort()).toEqual(described.sort());
});

test('refers to nothing that it does not have, and names each refusal', () => {
	const names = new Set(Array.from(text.matchAll(/"#\/components\/schemas\/(\w+)"/g), ([, name]) => name));
	expect([...names].filter((name) => !Object.hasOwn(document.components.schemas, name ?? ''))).toEqual([]);
	const used = Object.keys(problems).filter((code) => text.includes(`\`${code}\`:`));
	// These are of no one address: an unknown one, another method, and a fault.
	expect(Object.keys(problems).filter((code) => !used.includes(code))).toEqual([
		'not_found',
		'method_not_allowed',
		'failed'
	]);
});

test('asks clients to pass over fields that they do not know', () => {
	expect(JSON.stringify(document.components.schemas.SessionPage)).not.toContain('additionalProperties":false');
});

test('the client of the tests is made from this document: UPDATE_API_CLIENT=1 writes it', async () => {
	const types = astToString(await openapiTS(text));
	const made = await format(
		`/* Made from the OpenAPI document by openapi-typescript (src/lib/integrations/openapi.test.ts). */\n${types}`,
		{
			...(await resolveConfig(clientFile)),
			parser: 'typescript'
		}
	);
	if (process.env['UPDATE_API_CLIENT']) writeFileSync(clientFile, made);
	expect(readFileSync(clientFile, 'utf8')).toBe(made);
});
