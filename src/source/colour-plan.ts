import { type ColourMatrix, colourMatrixOf } from '../domain/colour.js';

/** How a stream's colours are written, in ffmpeg's names; null where the stream does not say. */
export interface ColourTags {
  readonly pixelFormat: string | null;
  readonly range: string | null;
  readonly matrix: string | null;
  readonly transfer: string | null;
  /** Coded size, which decides where the matrix is not told. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** How such a stream becomes limited-range 8-bit yuv420p of a known matrix, as ffmpeg's filters. */
export interface ColourPlan {
  /** Added to the scale filter that brings a frame to its working size, each with its colon. */
  readonly scaleOptions: string;
  /** Filters after it. */
  readonly after: readonly string[];
  /** Matrix of the frames that come out. */
  readonly matrix: ColourMatrix;
  /** One line when the picture is not shown as it was coded, else null. */
  readonly note: string | null;
}

type Light = 'pq' | 'hlg' | 'sdr';

const BT601 = ['smpte170m', 'bt470bg'];
/** Matrices that ffmpeg's scale filter can read, but nothing after it. */
const OTHER = ['fcc', 'smpte240m'];

/**
 * The plan for a stream's tags: BT.601 and BT.709 keep their matrix, wide-gamut (BT.2020) and HDR (PQ, HLG) pictures are brought to
 * BT.709 as a screen of today shows them, anything else to BT.709. Only filters that every ffmpeg has are used.
 */
export function colourPlan(tags: ColourTags): ColourPlan {
  const toLimited = isLimitedRange(tags) ? '' : ':out_range=tv';
  const light = lightOf(tags);
  if (light === null) {
    const told = isYuv(tags.pixelFormat) || isGray(tags.pixelFormat);
    if (told && !OTHER.includes(tags.matrix ?? ''))
      return { scaleOptions: toLimited, after: [], matrix: toldMatrix(tags), note: null };
    return { scaleOptions: `:out_color_matrix=bt709${toLimited}`, after: [], matrix: 'bt709', note: null };
  }
  const matrix = isYuv(tags.pixelFormat) ? ':in_color_matrix=bt2020' : '';
  return { scaleOptions: matrix, after: toBt709(light), matrix: 'bt709', note: NOTES[light] };
}

const NOTES: Readonly<Record<Light, string>> = {
  pq: 'HDR (PQ): tone-mapped to standard dynamic range',
  hlg: 'HDR (HLG): tone-mapped to standard dynamic range',
  sdr: 'wide gamut (BT.2020): converted to BT.709',
};

/** Null for ordinary pictures. */
function lightOf({ transfer, matrix }: ColourTags): Light | null {
  if (transfer === 'smpte2084') return 'pq';
  if (transfer === 'arib-std-b67') return 'hlg';
  return matrix?.startsWith('bt2020') ? 'sdr' : null;
}

function toldMatrix({ matrix, widthPx, heightPx }: ColourTags): ColourMatrix {
  if (matrix === 'bt709') return 'bt709';
  return BT601.includes(matrix ?? '') ? 'bt601' : colourMatrixOf({ widthPx, heightPx });
}

function isYuv(pixelFormat: string | null): boolean {
  return pixelFormat === null || /^(yuv|nv|p0|p2|p4|uyvy|yuyv|yvyu|y210|y212|xv|vuy|ayuv)/.test(pixelFormat);
}

/** Without colours there is no matrix to change. */
const isGray = (pixelFormat: string | null): boolean => pixelFormat?.startsWith('gray') ?? false;

/** True when the samples are known or, by ffmpeg's own rule, assumed to be limited-range YUV. */
function isLimitedRange({ pixelFormat, range }: ColourTags): boolean {
  return pixelFormat !== null && isYuv(pixelFormat) && !pixelFormat.startsWith('yuvj') && range !== 'pc';
}

/** Luminance of diffuse white, cd/m² (ITU-R BT.2408), and of the brightest highlight that is still told from others. */
const WHITE_NITS = 203;
const PEAK_NITS = 1000;
/** Share of white up to which light is kept as it is; skin lies below. Above, highlights are pressed together. */
const KNEE = 0.7;
/** Light as a screen of standard dynamic range shows it (ITU-R BT.1886). */
const GAMMA = 2.4;
const MAX = 65_535;
const SIGNAL = `(val/${MAX})`;

/** Light in cd/m² of a signal 0..1, in ffmpeg's expression language (SMPTE ST 2084; ITU-R BT.2100 for 1000 cd/m²). */
const NITS: Readonly<Record<Light, string>> = (() => {
  const root = `pow(${SIGNAL},1/78.84375)`;
  const scene = `if(lte(${SIGNAL},0.5),${SIGNAL}*${SIGNAL}/3,(exp((${SIGNAL}-0.55991073)/0.17883277)+0.28466892)/12)`;
  return {
    pq: `10000*pow(max(${root}-0.8359375,0)/(18.8515625-18.6875*${root}),1/0.1593017578125)`,
    hlg: `1000*pow(${scene},1.2)`,
    sdr: `${WHITE_NITS}*pow(${SIGNAL},${GAMMA})`,
  };
})();

/** BT.2020 to BT.709 in linear light (ITU-R BT.2087), as colorchannelmixer's options. */
const GAMUT = 'rr=1.6605:rg=-0.5876:rb=-0.0728:gr=-0.1246:gg=1.1329:gb=-0.0083:br=-0.0182:bg=-0.1006:bb=1.1187';

/** Signal to linear light through the tone curve, other primaries, back to a signal: 16 bits a channel throughout. */
function toBt709(light: Light): string[] {
  const decode = `st(0,${NITS[light]}/${WHITE_NITS})*0+${MAX}*${light === 'sdr' ? 'ld(0)' : TONE_CURVE}`;
  const encode = `${MAX}*pow(${SIGNAL},1/${GAMMA})`;
  const each = (expression: string) => `lutrgb=r='${expression}':g='${expression}':b='${expression}'`;
  return [
    'format=gbrp16le',
    each(decode),
    `colorchannelmixer=${GAMUT}`,
    each(encode),
    'scale=out_color_matrix=bt709:out_range=tv',
  ];
}

/** Variable 0, light relative to white, to 0..1: a straight line that bends smoothly at the knee and ends at the peak. */
const TONE_CURVE = (() => {
  const room = 1 - KNEE;
  const above = `((ld(0)-${KNEE})/${room})`;
  const most = (PEAK_NITS / WHITE_NITS - KNEE) / room;
  const bent = `${KNEE}+${room}*${above}*(1+${above}/${most ** 2})/(1+${above})`;
  return `if(lte(ld(0),${KNEE}),ld(0),min(1,${bent}))`;
})();
