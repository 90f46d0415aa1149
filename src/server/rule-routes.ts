import { rulesAnswer, rulesQuery } from '../protocol/rule-schema.js';
import { type Route, route } from './route.js';

/** Rules, what goes on of them, and what they fired on. */
export const RULE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/rules',
    scope: 'read',
    summary: 'Rules as configured, what goes on of them now, and what they fired on, as far back as memory goes',
    query: rulesQuery,
    answers: [{ status: 200, description: 'the rules', schema: rulesAnswer }],
    problems: [],
    handle: ({ query: { limit } }, context) => {
      const rules = context.rules().map(({ rule, fired, firings }) => {
        let ended = 0;
        return { ...rule, fired, firings: firings.filter(({ endedAtMs }) => endedAtMs === null || ended++ < limit) };
      });
      return { status: 200, json: { rules } };
    },
  }),
];
