/** One way to divide the pictures of a list. */
interface Division {
  readonly by: string;
  /** In the order of their names; `at`: places in the list. */
  readonly groups: readonly { readonly group: string; readonly at: readonly number[] }[];
}

/**
 * The groups of each division; pictures without a group in a division are left out of it.
 *
 * @param by - names of the divisions, in the order of each face's groups
 */
export function divisionsOf(
  faces: readonly { readonly groups: readonly (string | null)[] }[],
  by: readonly string[],
): readonly Division[] {
  return by.map((name, division) => {
    const groups = new Map<string, number[]>();
    for (const [at, { groups: own }] of faces.entries()) {
      const group = own[division];
      if (group != null) groups.set(group, [...(groups.get(group) ?? []), at]);
    }
    return {
      by: name,
      groups: [...groups]
        .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
        .map(([group, at]) => ({ group, at })),
    };
  });
}
