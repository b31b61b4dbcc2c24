/**
 * Every prop that a component declares is one that it takes. The plugin's own rule asks the compiler for types of each
 * file, which takes ten times as long as all other rules together.
 * @type {import('eslint').Rule.RuleModule}
 */
export const usedProps = {
	meta: { type: 'problem', schema: [], messages: { unused: 'The component does not take its prop {{name}}.' } },
	create(context) {
		return {
			/** @param {any} node */
			'VariableDeclarator[id.type="ObjectPattern"][init.callee.name="$props"]'(node) {
				const { properties } = node.id;
				if (properties.some((/** @type {any} */ one) => one.type === 'RestElement')) return;
				const taken = new Set(properties.map((/** @type {any} */ one) => one.key.name ?? one.key.value));
				for (const { key } of membersOf(node.id.typeAnnotation?.typeAnnotation, context.sourceCode.ast.body)) {
					const name = key?.name ?? key?.value;
					if (name !== undefined && !taken.has(name))
						context.report({ node: key, messageId: 'unused', data: { name } });
				}
			}
		};
	}
};

/**
 * The members of a type that is written out in the same file.
 * @param {any} type @param {any[]} program @returns {any[]}
 */
function membersOf(type, program) {
	if (type?.type === 'TSTypeLiteral') return type.members;
	const body = program.flatMap((node) => (node.type === 'SvelteScriptElement' ? node.body : [node]));
	const declared = body
		.map((node) => node.declaration ?? node)
		.find((node) => node.id?.name !== undefined && node.id.name === type?.typeName?.name);
	if (declared?.type === 'TSInterfaceDeclaration') return declared.body.body;
	return declared?.type === 'TSTypeAliasDeclaration' ? membersOf(declared.typeAnnotation, program) : [];
}
