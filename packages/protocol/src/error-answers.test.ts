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
        { loc: ['body', 'actions', 0, 'body'], msg: 'Field required' },
      ],
    },
    'too late; schedules.0: bad; actions.0.body: Field required',
  ],
  [
    {
      exception_detail: [
        { loc: ['body', 'actions', 0, 'DoNothing', 'type'], msg: "Input should be 'do-nothing'", input: 'nope' },
        { loc: ['body', 'actions', 0, 'SendMail', 'to'], msg: 'Field required' },
        { loc: ['body', 'actions', 0, 'SendMail', 'type'], msg: "Input should be 'send-mail'", input: 'nope' },
        { loc: ['body', 'trigger', 'Event', 'posture'], msg: 'Field required' },
        { loc: ['body', 'trigger', 'Sequence', 'triggers', 0, 'Event', 'type'], msg: "Input should be 'event'", input: 'x' },
        { loc: ['body', 'trigger', 'Sequence', 'type'], msg: "Input should be 'sequence'", input: 'event' },
      ],
    },
    'trigger.posture: Field required; actions.0.type: "nope" is none of do-nothing, send-mail',
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
