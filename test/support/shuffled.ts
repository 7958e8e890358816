/** As many items as asked for, drawn in an order that is the same each time. */
export function drawn<Item>(items: readonly Item[], times: number): readonly Item[] {
  let state = 7;
  return Array.from({ length: times }, () => {
    // A linear congruential generator (Numerical Recipes): its high digits are as good as chance here.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return items[Math.floor((state / 2 ** 32) * items.length)];
  }).filter((item) => item !== undefined);
}
