/** At most `limit` of the items, evenly spread over their list (which is often sorted by class); null: all. */
export function evenSample<T>(items: readonly T[], limit: number | null): readonly T[] {
  if (limit === null || limit >= items.length) return items;
  return Array.from({ length: limit }, (_, index) => items[Math.floor((index * items.length) / limit)]!);
}
