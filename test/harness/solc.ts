import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

/** What a compiler's `soljson.js` exports; the functions differ with its age. */
interface Soljson {
	_solidity_compile?: unknown;
	cwrap(name: string, result: 'string', parameters: string[]): (...values: unknown[]) => string;
}

// Its argument is the soljson.js of a compiler. It prints its version first, then, for each line of input, which is
// a standard JSON input, a line with the output.
const [, , file = ''] = process.argv;
const soljson = createRequire(import.meta.url)(file) as Soljson;
const isNew = soljson._solidity_compile !== undefined;
const version = soljson.cwrap(isNew ? 'solidity_version' : 'version', 'string', []);
const compile = isNew
	? soljson.cwrap('solidity_compile', 'string', ['string', 'number', 'number'])
	: soljson.cwrap('compileStandard', 'string', ['string', 'number']);

console.log(version());
for await (const line of createInterface({ input: process.stdin })) {
	// No callback for imports: all that is imported has to be among the sources.
	console.log(JSON.stringify(JSON.parse(compile(line, 0, 0))));
}
