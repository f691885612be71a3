export { BUILT_IN_RULES } from './package-files.js';
export { analyze, analyzeLines } from './pipeline.js';
export type { AnalyzeOptions } from './pipeline.js';
export { buildReport } from './report/build-report.js';
export type { Analysis } from './model/analysis.js';
export type { Report } from './model/report.js';
