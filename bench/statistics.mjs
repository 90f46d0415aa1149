export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Columns padded to their widest cell; first column left, the others right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const line = (row) =>
    row.map((cell, n) => (n === 0 ? String(cell).padEnd(widths[n]) : String(cell).padStart(widths[n]))).join('  ');
  return rows.map(line).join('\n');
}

export function markdownTable(rows) {
  const line = (row) => `| ${row.join(' | ')} |`;
  return [line(rows[0]), line(rows[0].map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.slice(1).map(line)].join(
    '\n',
  );
}

/**
 * Slope of y over x that outliers do not move (Theil–Sen: the median of the slopes of all pairs), with Sen's 95 % interval. Samples that
 * follow one another are not independent: the interval is the narrowest it can be.
 */
export function theilSen(xs, ys) {
  const slopes = [];
  for (let i = 0; i < xs.length; i++)
    for (let j = i + 1; j < xs.length; j++) slopes.push((ys[j] - ys[i]) / (xs[j] - xs[i]));
  slopes.sort((a, b) => a - b);
  const reach = 1.96 * Math.sqrt((xs.length * (xs.length - 1) * (2 * xs.length + 5)) / 18);
  const at = (rank) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))];
  return { slope: median(slopes), low: at((slopes.length - reach) / 2), high: at((slopes.length + reach) / 2) };
}

/** Standard deviations of normal values in their median absolute deviation; of a median in that of a mean; half a 95 % interval. */
const [OF_MAD, OF_MEDIAN, HALF_INTERVAL] = [1.4826, 1.2533, 1.96];

/** Median of repeated measurements, and half the width of its 95 % interval as a share of it; outliers do not move either. */
export function typical(values) {
  const middle = median(values);
  const deviation = OF_MAD * median(values.map((value) => Math.abs(value - middle)));
  const noise = (HALF_INTERVAL * OF_MEDIAN * deviation) / Math.sqrt(values.length);
  return { median: middle, noise: middle === 0 ? 0 : noise / Math.abs(middle) };
}

/** Relative change between two such figures, and how much of it may be noise. */
export function changeFrom(old, now) {
  return { change: now.median / old.median - 1, noise: Math.hypot(old.noise, now.noise) };
}
