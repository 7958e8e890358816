import type { Funnel, Passage } from '../flow/chart.js';
import type { PrismaClient } from '../store/prisma-client.js';

interface Row extends Passage {
  readonly flow: string;
  readonly step: string;
}

/**
 * How far people come in every flow, counted in people, from the plain columns that say nothing about them. Somebody went on
 * from a step who was later at another step of that flow, or for whom the flow ended there as it should; gave up who stayed
 * behind at a step when the flow was closed or nobody answered in time; the others are still there. `simulator` counts pretended people, and only them.
 */
export async function countFunnel(prisma: PrismaClient, simulator: boolean): Promise<Funnel> {
  const rows = await prisma.$queryRaw<Row[]>`
    WITH fact AS (
      SELECT i.contact_id AS person, i.seq, u.at, u.kind, u.flow, u.step,
        u.kind = 'timer' AND u.outcome = 'expire' AS expired,
        CASE WHEN u.kind = 'failed' THEN true WHEN u.kind = 'ended' THEN u.outcome NOT IN ('end', 'left') END AS failed
      FROM inbound i JOIN contact c ON c.id = i.contact_id
      CROSS JOIN LATERAL unnest(i.kinds, i.flows, i.steps, i.outcomes) WITH ORDINALITY AS u(kind, flow, step, outcome, at)
      WHERE c.simulator = ${simulator} AND u.flow <> ''
    ), follow AS (
      SELECT *, lead(kind) OVER way AS next_kind, lead(step) OVER way AS next_step FROM fact
      WINDOW way AS (PARTITION BY person, flow ORDER BY seq, at)
    ), visit AS (
      SELECT person, flow, step, coalesce(failed, expired) AS stopped,
        CASE WHEN expired THEN false WHEN failed IS NOT NULL THEN NOT failed WHEN kind = 'undone' THEN false
          ELSE coalesce(next_kind NOT IN ('started', 'undone') AND next_step <> step, false) END AS went
      FROM follow WHERE step <> ''
    ), person AS (
      SELECT flow, step, bool_or(went) AS went, bool_or(stopped) AS stopped FROM visit GROUP BY flow, step, person
      UNION ALL
      SELECT flow, '', count(*) FILTER (WHERE NOT failed) > count(*) FILTER (WHERE expired), bool_or(coalesce(failed, expired))
      FROM fact GROUP BY flow, person
    )
    SELECT flow, step, count(*)::int AS arrived, (count(*) FILTER (WHERE went))::int AS went,
      (count(*) FILTER (WHERE stopped AND NOT went))::int AS "gaveUp",
      (count(*) FILTER (WHERE NOT stopped AND NOT went))::int AS waiting
    FROM person GROUP BY flow, step`;
  const funnel = new Map<string, Map<string, Passage>>();
  for (const { flow, step, ...passage } of rows) {
    const steps = funnel.get(flow) ?? new Map<string, Passage>();
    funnel.set(flow, steps.set(step, passage));
  }
  return funnel;
}
