const separator = /^\s*[,;:]\s*$/;

/**
 * Lists, facts and labels that people read have the punctuation of the reader's language: src/lib/i18n/list.ts writes it.
 * @type {import('eslint').Rule.RuleModule}
 */
export const joinedText = {
	meta: {
		type: 'problem',
		schema: [],
		messages: { joined: 'Use joinList, joinFacts, joinStatements or joinLabel of src/lib/i18n/list.ts.' }
	},
	create(context) {
		/** @param {any} node */
		const report = (node) => context.report({ node, messageId: 'joined' });
		return {
			/** @param {any} node */
			'CallExpression[callee.property.name="join"] > Literal'(node) {
				if (/^[,;:] $/.test(node.value)) report(node);
			},
			/** @param {any} node */
			TemplateElement(node) {
				const isBetween = !node.tail && node.parent.quasis[0] !== node;
				if (isBetween && /^[,;:] $/.test(node.value.cooked)) report(node);
			},
			/** @param {any} node */
			SvelteText(node) {
				if (separator.test(node.value)) report(node);
			}
		};
	}
};
