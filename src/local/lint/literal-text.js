// Props and attributes that people read.
const textNames = new Set(
	'label title hint placeholder alt caption empty lead text word words button done what aria-label aria-description aria-roledescription aria-valuetext'.split(
		' '
	)
);

// Abbreviations such as PDF or UTC are the same in each language.
const words = /\p{Ll}{2}(?<!\bWe)(?<!\bWeb)/u;
const written = /^\p{Lu}|\s/u;
const sentence = /^\p{Lu}[\p{L}’'-]*,? .*\p{Ll}/u;

/**
 * Every text that people read is a message, in every language: none stands in markup, in an attribute that people read, or as a sentence
 * in code. What is thrown or logged is for operators.
 * @type {import('eslint').Rule.RuleModule}
 */
export const literalText = {
	meta: {
		type: 'problem',
		schema: [],
		messages: { literal: 'Put “{{text}}” into the messages: src/lib/i18n/messages.' }
	},
	create(context) {
		const seen = new Set();

		/** @param {any} node @param {string} text */
		function report(node, text) {
			if (seen.has(node)) return;
			seen.add(node);
			context.report({ node, messageId: 'literal', data: { text: text.trim().replace(/\s+/g, ' ').slice(0, 60) } });
		}

		/**
		 * Reports what an expression shows as a text.
		 * @param {any} node
		 */
		function check(node) {
			if (node?.type === 'Literal' && typeof node.value === 'string' && words.test(node.value))
				report(node, node.value);
			if (node?.type === 'TemplateLiteral') {
				const text = node.quasis.map((/** @type {any} */ one) => one.value.cooked).join('…');
				if (words.test(text)) report(node, text);
				node.expressions.forEach(check);
			}
			if (node?.type === 'ConditionalExpression') [node.consequent, node.alternate].forEach(check);
			if (node?.type === 'LogicalExpression') [node.left, node.right].forEach(check);
		}

		return {
			/** @param {any} node */
			SvelteText(node) {
				if (node.parent.type !== 'SvelteStyleElement' && words.test(node.value)) report(node, node.value);
			},
			/** @param {any} node */
			SvelteAttribute(node) {
				if (!textNames.has(node.key.name)) return;
				for (const value of node.value) {
					if (value.type === 'SvelteLiteral' && words.test(value.value)) report(value, value.value);
					if (value.type === 'SvelteMustacheTag') check(value.expression);
				}
			},
			/** @param {any} node */
			SvelteMustacheTag(node) {
				if (node.parent.type !== 'SvelteAttribute' && node.parent.type !== 'SvelteStyleDirective')
					check(node.expression);
			},
			/** @param {any} node */
			Property(node) {
				const { key, value } = node;
				// A single word in small letters is a name of code: `done: 'added'`.
				if (textNames.has(key.name ?? key.value) && (value.type !== 'Literal' || written.test(value.value)))
					check(value);
			},
			/** @param {any} node */
			Literal(node) {
				if (typeof node.value === 'string' && sentence.test(node.value) && !isForOperators(node) && !isKey(node))
					report(node, node.value);
			},
			/** @param {any} node */
			TemplateLiteral(node) {
				const text = node.quasis.map((/** @type {any} */ one) => one.value.cooked).join('…');
				if (sentence.test(text) && !isForOperators(node)) report(node, text);
			}
		};
	}
};

/** @param {any} node */
function isKey(node) {
	return node.parent.type === 'Property' && node.parent.key === node;
}

/**
 * Whether a text is thrown or logged.
 * @param {any} node @returns {boolean}
 */
function isForOperators(node) {
	if (!node) return false;
	if (node.type === 'ThrowStatement') return true;
	if (node.type === 'NewExpression' && /Error$/.test(node.callee.name)) return true;
	if (node.type === 'CallExpression' && /^(?:log|console)$/.test(node.callee.object?.name)) return true;
	return isForOperators(node.parent);
}
