import { dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { EafLink } from './write-eaf.js';
import { escapeXml } from './xml.js';

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.mpg': 'video/mpeg',
  '.mpeg': 'video/mpeg',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.avi': 'video/x-msvideo',
  '.xml': 'text/xml',
  // ELAN's own word for a list of numbers.
  '.csv': 'unknown',
};

/** "file:///videos/my talk.mp4": ELAN's own form, in which nothing is percent-encoded. */
function elanUrl(path: string): string {
  const slashed = resolve(path).split(sep).join('/');
  return slashed.startsWith('/') ? `file://${slashed}` : `file:///${slashed}`;
}

/** The path in a URL of that form. */
export function pathOfElanUrl(url: string): string {
  const path = url.replace(/^file:\/\//, '');
  return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
}

/** How the ELAN file at `eafPath` links another file. */
export function elanLink(path: string, eafPath: string): EafLink {
  const way = relative(dirname(resolve(eafPath)), resolve(path))
    .split(sep)
    .join('/');
  const relativeUrl = isAbsolute(way) ? null : way.startsWith('../') ? way : `./${way}`;
  return { url: elanUrl(path), relativeUrl, mimeType: MIME_TYPES[extname(path).toLowerCase()] ?? 'video/*' };
}

/** A column of a list of numbers that ELAN draws. */
export interface SeriesColumn {
  /** From 0; time is in column 0. */
  readonly column: number;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** "#faa404" */
  readonly colour: string;
}

/**
 * The text of `NAME_tsconf.xml`, by which ELAN draws columns of a list of numbers without asking. Rows may leave time out, so the
 * rate is called discontinuous.
 */
export function seriesConfiguration(csvPath: string, columns: readonly SeriesColumn[]): string {
  const tracks = columns.map(
    ({ column, name, min, max, colour }) => `        <track derivative="0" name="${escapeXml(name)}">
            <property key="detect-range" value="false"/>
            <sample-position>
                <pos col="${column}" row="0"/>
            </sample-position>
            <description/>
            <units/>
            <range max="${max.toFixed(1)}" min="${min.toFixed(1)}"/>
            <color>${[1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)).join(',')}</color>
        </track>
`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<timeseries date="2000-01-01T00:00:00Z" version="1.0">
    <tracksource sample-type="Discontinuous Rate" source-url="${escapeXml(elanUrl(csvPath))}" time-column="0">
        <property key="provider" value="mpi.eudico.client.annotator.timeseries.csv.CSVServiceProvider"/>
${tracks.join('')}    </tracksource>
</timeseries>
`;
}
