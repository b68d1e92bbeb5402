export type { Filter } from './filters.ts';
export { isTemplate, parseTemplate } from './parse-template.ts';
export { renderTemplate, type TemplateContext, TemplateError } from './render.ts';
export { TemplateSyntaxError } from './syntax.ts';
export { TemplateObject } from './values.ts';
