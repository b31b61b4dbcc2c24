import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import { joinedText } from './src/local/lint/joined-text.js';
import { literalText } from './src/local/lint/literal-text.js';
import { usedProps } from './src/local/lint/used-props.js';
import svelteConfig from './svelte.config.js';

const local = { rules: { 'used-props': usedProps, 'literal-text': literalText, 'joined-text': joinedText } };

const nounServer = { type: 'noun-server' };
const noun = { type: 'noun' };
const serving = { type: 'serving' };

// Days of a venue have 23 to 25 hours, and end by its own clock.
const calendarRules = [
	{
		selector: 'CallExpression[callee.name="dayKey"] > BinaryExpression',
		message: 'Count days on the calendar: addDays(dayKey(moment, zone), days).'
	},
	{
		selector: 'TemplateElement[value.raw=/T23:59/]',
		message: 'Use endOfDay of src/lib/summits/local-time.ts, which knows the zone.'
	}
];

// Schemas of answers are for code that calls the database; browsers need no more than their types.
const sourceRules = [
	...calendarRules,
	{
		selector: 'ImportDeclaration[importKind!="type"][source.value=/database.answers/]',
		message: 'Import types only: the schemas stay in src/lib/database.'
	}
];

const markupRules = [
	...sourceRules,
	{
		selector:
			'SvelteElement[name.name="details"] > SvelteStartTag > :matches(SvelteAttribute, SvelteShorthandAttribute)[key.name="open"]',
		message: 'Use Fold of src/lib/ui, which stays as people left it.'
	},
	{
		selector:
			'SvelteElement[name.name="Notice"] > SvelteStartTag[selfClosing=true]:has(SvelteAttribute[key.name="kind"] > SvelteLiteral[value="good"]):has(SvelteAttribute[key.name="live"])',
		message: 'Use Done of src/lib/ui: the success of an act is a toast.'
	},
	{
		// What is either valid or not is no act, and stays.
		selector:
			'SvelteElement[name.name="Notice"] > SvelteStartTag[selfClosing=true]:has(SvelteAttribute[key.name="live"]) > SvelteAttribute[key.name="kind"] > SvelteMustacheTag > ConditionalExpression:has(> Literal[value="good"]):not(:has(> Literal[value="bad"]))',
		message: 'Use Done of src/lib/ui where the act succeeded, and Notice where not.'
	}
];

export default ts.config(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'.data/',
			'src/lib/i18n/generated/',
			'src/lib/database/types.ts',
			'test-results/'
		]
	},
	js.configs.recommended,
	...ts.configs.recommended,
	{ files: ['src/**/*.ts'], ignores: ['**/*.test.ts'], extends: [...ts.configs.strict] },
	...svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.browser, ...globals.node } },
		rules: {
			'no-undef': 'off',
			'no-restricted-syntax': ['error', ...sourceRules],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }]
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: {
			parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig }
		},
		plugins: { local },
		rules: {
			'local/used-props': 'error',
			'svelte/no-unused-props': 'off',
			// Addresses are made by our own `href`, which knows the locale.
			'svelte/no-navigation-without-resolve': 'off',
			// Set again with each live event, it folds away what somebody has just opened.
			'no-restricted-syntax': ['error', ...markupRules]
		}
	},
	{
		files: ['src/routes/**/*.svelte'],
		// Heads of another make: a failure, the landing page, a session, a speaker with a portrait, and a frame in the page of
		// somebody else.
		ignores: [
			'src/routes/+error.svelte',
			'src/routes/(public)/+page.svelte',
			'src/routes/(public)/[[]summit[]]/sessions/[[]code[]]/+page.svelte',
			'src/routes/(public)/[[]summit[]]/speakers/[[]code[]]/+page.svelte',
			'src/routes/(public)/[[]summit[]]/embed/agenda/+page.svelte',
			'src/routes/(public)/[[]summit[]]/screens/commitments/+page.svelte',
			'src/routes/(community)/community/commitments/embed/+page.svelte'
		],
		rules: {
			'no-restricted-syntax': [
				'error',
				...markupRules,
				{
					selector: 'SvelteElement[name.name="h1"]',
					message: 'Use PageHead of src/lib/ui: title, way back, acts and tabs have one order and one look.'
				}
			]
		}
	},
	{
		files: ['src/lib/**/*.{ts,svelte}', 'src/routes/**/*.{ts,svelte}'],
		ignores: [
			'**/*.test.ts',
			// Names of fonts, programs, devices and regions as they are stored; texts that are in every language here; texts for programs and operators.
			'src/lib/members/{regions,country-region}.ts',
			'src/lib/logistics/default-texts.ts',
			'src/lib/{files/{kinds,scripts},badges/script,accounts/{device,issuers},privacy/copy}.ts',
			'src/lib/connection-check/checking.svelte.ts',
			'src/lib/mail/{samples,server/transport}.ts',
			// What programs read, and those who write them: the API, in English.
			'src/lib/integrations/{addresses,check-in,filters,openapi,problems,server/requests}.ts',
			// Names of helplines; letters to authorities and timelines of cases, which are English.
			'src/lib/safeguarding/{helplines,referral,timeline,server/concerns}.ts',
			'src/lib/{database,live}/**',
			'src/routes/{api,webhooks}/**',
			'src/routes/(account)/sample/**',
			'src/routes/(stage)/live/recorder/**'
		],
		plugins: { local },
		rules: { 'local/literal-text': 'error' }
	},
	{
		files: ['src/lib/**/*.{ts,svelte}', 'src/routes/**/*.{ts,svelte}'],
		ignores: [
			'**/*.test.ts',
			// Headers, cookies, files for spreadsheets, and what no page shows.
			'src/lib/integrations/server/requests.ts',
			'src/lib/ui/{server/headers,host-cookies}.ts',
			'src/lib/{registration/table,calendar/exchange/tables,safeguarding/server/alarms}.ts',
			'src/lib/{database,live,i18n}/**',
			'src/routes/{api,webhooks}/**',
			'src/routes/(account)/sample/**'
		],
		plugins: { local },
		rules: { 'local/joined-text': 'error' }
	},
	{
		files: ['src/**/*.{ts,svelte}'],
		// What answers for what came of a form, and for loads beside page changes; an announcement that could not be put away comes back.
		ignores: [
			'src/lib/ui/Form.svelte',
			'src/lib/participation/components/Act.svelte',
			'src/lib/announcements/components/Announcements.svelte',
			'src/lib/status/components/StatusBanners.svelte',
			'src/lib/live/reload.ts'
		],
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					name: '$app/forms',
					importNames: ['enhance'],
					message: 'Use Form of src/lib/ui, or Act of src/lib/participation: they keep the page when no answer comes.'
				},
				{
					name: '$app/navigation',
					importNames: ['invalidate', 'invalidateAll'],
					message: 'Use reload of src/lib/live, which cancels no page change.'
				}
			]
		}
	},
	{
		files: ['src/lib/database/**/*.ts', 'tests/**/*.ts'],
		rules: { 'no-restricted-syntax': ['error', ...calendarRules] }
	},
	{
		// Another machine, or other work on the same one, takes another time: benches measure.
		files: ['**/*.test.ts'],
		rules: {
			'no-restricted-properties': [
				'error',
				{
					object: 'performance',
					property: 'now',
					message: 'Test a condition. What is measured belongs in tests/bench.'
				}
			]
		}
	},
	{
		files: ['src/**/*.{ts,svelte}'],
		ignores: ['src/lib/ui/stored.ts', '**/*.test.ts'],
		rules: {
			'no-restricted-globals': [
				'error',
				...['localStorage', 'sessionStorage'].map((name) => ({
					name,
					message: 'Use src/lib/ui/stored.ts: some browsers throw instead of storing.'
				}))
			]
		}
	},
	{
		files: ['tests/e2e/**/*.ts'],
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					name: '@playwright/test',
					importNames: ['test', 'expect'],
					message: 'Use those of tests/fixtures/test.ts, which close what a test opened.'
				}
			]
		}
	},
	{
		// Imports go one way: routes → nouns → the serving five; a noun's server/ is its own.
		files: ['src/**/*.{ts,js,svelte}'],
		plugins: { boundaries },
		settings: {
			'import/resolver': { typescript: { alwaysTryTypes: true } },
			'boundaries/elements': [
				{ type: 'routes', pattern: 'src/routes' },
				{ type: 'serving', pattern: 'src/lib/(database|forms|ui|i18n|live)' },
				{ type: 'noun-server', pattern: 'src/lib/*/server', capture: ['noun'] },
				{ type: 'noun', pattern: 'src/lib/*', capture: ['noun'] }
			]
		},
		rules: {
			'boundaries/dependencies': [
				'error',
				{
					default: 'disallow',
					policies: [
						{
							from: { element: { type: 'routes' } },
							allow: { to: { element: { type: ['routes', 'noun', 'noun-server', 'serving'] } } }
						},
						{ from: { element: noun }, allow: { to: { element: { type: ['noun', 'serving'] } } } },
						{
							from: { element: { type: ['noun', 'noun-server'] } },
							allow: {
								to: { element: { type: 'noun-server', captured: { noun: '{{ from.element.captured.noun }}' } } }
							}
						},
						{ from: { element: nounServer }, allow: { to: { element: { type: ['noun', 'serving'] } } } },
						{ from: { element: serving }, allow: { to: { element: serving } } }
					]
				}
			]
		}
	}
);
