import { describe, expect, it } from 'vitest';
import { isTemplate, parseTemplate, renderTemplate } from './index.ts';

const context = {
  name: 'nightly',
  count: 3,
  none: null,
  list: ['b', 'a'],
  run: { state: { name: 'Failed' }, 'prefect.resource.id': 'prefect.flow-run.1', tags: [], ok: true },
  html: "<a href='x'>&",
};

describe('a template', () => {
  it.each([
    ['plain text', 'plain text'],
    ['Run {{ name }} is {{ run.state.name }}', 'Run nightly is Failed'],
    ["{{ run['prefect.resource.id'] }}", 'prefect.flow-run.1'],
    ['[{{ nothing.at.all }}]', '[]'],
    ['{{ none }} {{ run.ok }} {{ list }}', "None True ['b', 'a']"],
    ['{{ name | upper }} {{ "A" | lower }} {{ nothing | default("x") }}', 'NIGHTLY a x'],
    ['{{ list | sort | join(", ") }} {{ list | length }}', 'a, b 2'],
    ['{{ "a long sentence of words" | truncate(12) }}', 'a long...'],
    ['{{ run | tojson }}', '{"ok": true, "prefect.resource.id": "prefect.flow-run.1", "state": {"name": "Failed"}, "tags": []}'],
    ['{{ html | tojson }}', String.raw`"\u003ca href=\u0027x\u0027\u003e\u0026"`],
    ['{{ count + 1 }} {{ count * 2 - 1 }} {{ 7 // 2 }} {{ 7 % 4 }} {{ name ~ count }}', '4 5 3 3 nightly3'],
    ['{{ "yes" if count > 2 and not run.tags else "no" }}', 'yes'],
    ['{% if count == 1 %}one{% elif count in [2, 3] %}few{% else %}many{% endif %}', 'few'],
    ['{% for each in list %}{{ loop.index }}{{ each }}{% if not loop.last %},{% endif %}{% endfor %}', '1b,2a'],
    ['{% for key, value in run.state.items() %}{{ key }}={{ value }}{% endfor %}', 'name=Failed'],
    ['{% for each in run.tags %}x{% else %}none{% endfor %}', 'none'],
    ['{% for each in range(3) %}{{ each }}{% endfor %}', '012'],
    ['{% set greeting = "hi" %}{{ greeting }}{# nobody sees this #}', 'hi'],
    ['a {{- name -}} b', 'anightlyb'],
    ['{{ "}}" }} {{ {"a": 1}.a }}', '}} 1'],
    ['{{ name is defined }} {{ other is not defined }}', 'True True'],
    ['{{ name.upper().startswith("N") }}', 'True'],
    ['{{ name.__class__ }}{{ name.constructor }}{{ run.__proto__ }}', ''],
  ])('%s', (template, text) => expect(renderTemplate(template, context)).toBe(text));

  it.each([
    ['{{ name', 1],
    ['{% if a %}', 1],
    ['line\n{{ a b }}', 2],
    ['\n\n{% endfor %}', 3],
    ['{% unknown %}', 1],
    ['{{ a + }}', 1],
    ['{{ ? }}', 1],
  ])('%j is refused on line %i', (template, line) => {
    expect(() => parseTemplate(template)).toThrow(expect.objectContaining({ name: 'TemplateSyntaxError', line }));
  });

  it('has no more loops than are good for it', () => {
    const loop = '{% for a in b %}{% endfor %}';
    expect(() => parseTemplate(loop.repeat(11))).toThrow(
      'Contains 11 for loops. Templates can contain no more than 10 for loops.',
    );
    expect(() => parseTemplate('{% for a in b %}'.repeat(3) + '{% endfor %}'.repeat(3))).toThrow(
      'Contains nested for loops at a depth of 3. Templates can nest for loops no more than 2 loops deep.',
    );
    expect(() => renderTemplate('{{ range(101) }}', {})).toThrow('Range too big.');
  });

  it('may not call what changes or leads out', () => {
    for (const template of ['{{ list.append(1) }}', '{{ name.constructor("x") }}', '{{ eval("1") }}'])
      expect(() => renderTemplate(template, context)).toThrow(expect.objectContaining({ name: 'TemplateError' }));
  });

  it('ends, however much it repeats', () => {
    const big = { list: Array.from({ length: 1000 }, (_, index) => index) };
    const template = '{% for a in list %}{% for b in list %}{{ b }}{% endfor %}{% endfor %}';
    expect(() => renderTemplate(template, big)).toThrow('The template takes too long.');
  });

  it('is a text with braces', () => {
    expect(isTemplate('{ a }')).toBe(false);
    expect(isTemplate('{{ a }}')).toBe(true);
  });
});
