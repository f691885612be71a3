/** The name with the smallest edit distance to `wanted`. */
export function nearestName(names: readonly string[], wanted: string): string | undefined {
  const distances = names.map((name) => ({ name, distance: editDistance(name, wanted) }));
  return distances.sort((one, other) => one.distance - other.distance)[0]?.name;
}

/** Levenshtein distance, row by row. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = row[column - 1]! + (one[line - 1] === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
