import { expect, it } from 'vitest';
import { explainErrorAnswer } from './error-answers.ts';

it.each([
  [{ detail: 'Flow run not found.' }, 'Flow run not found'],
  [{ detail: [{ loc: ['body', 'name'], msg: 'Field required' }] }, 'name: Field required'],
  [
    {
      exception_detail: [
        { loc: ['body'], msg: 'Value error, too late' },
        { loc: ['body', 'schedules', 0], msg: 'bad' },
      ],
    },
    'too late; schedules.0: bad',
  ],
  [{ detail: { code: 7 } }, '{"code":7}'],
  [{ other: 1 }, undefined],
  ['text', undefined],
])('reads %j', (answer, explanation) => {
  expect(explainErrorAnswer(JSON.stringify(answer))).toBe(explanation);
});

it('leaves alone what is no JSON', () => {
  expect(explainErrorAnswer('<html>')).toBeUndefined();
});
