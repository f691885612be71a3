import { compileRules } from '../src/catalog/compiled.js';
import { BUILT_IN_RULES, inPackage } from '../src/package-files.js';
import { compileRoot } from '../src/signatures/compile.js';
import { writeAutomaton } from '../src/signatures/written-automaton.js';

/** The third step of `npm run build`: compiles the rules to the form that runs read. */
compileRules({ source: BUILT_IN_RULES, compiled: inPackage('dist/rules') }, (signatures) => writeAutomaton(compileRoot(signatures)));
