import { toJsonSchemaDefs, type JsonSchema } from '@valibot/to-json-schema';
import { apiSchemas } from './answers/integrations.ts';

/** The name of an answer of the API. */
export type ApiAnswerName = keyof typeof apiSchemas;

/** The answers of the API as JSON Schema (2020-12), by their names. Fields may be added to each, so none is closed. */
export function apiJsonSchemas(): Record<ApiAnswerName, JsonSchema> {
	const made = toJsonSchemaDefs(apiSchemas, {
		target: 'draft-2020-12',
		typeMode: 'output',
		overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`
	});
	return opened(made);
}

function opened<Value>(value: Value): Value {
	if (Array.isArray(value)) return value.map(opened) as Value;
	if (typeof value !== 'object' || value === null) return value;
	const kept = Object.entries(value).filter(([name, each]) => !isClosing(name, each));
	return Object.fromEntries(kept.map(([name, each]) => [name, opened<unknown>(each)])) as Value;
}

const isClosing = (name: string, value: unknown) =>
	name === '$schema' || (name === 'additionalProperties' && value === false);
